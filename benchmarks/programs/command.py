"""What `podzol synth` stands on, and nothing of Podzol's: a command line of typer, and a model of pydantic."""

import model
import typer

typer.Typer().command()(lambda: None)
print(model.Model())
