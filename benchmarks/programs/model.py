"""One model of pydantic, the least that a program with values has."""

from pydantic import BaseModel


class Model(BaseModel):
    number: int = 1
