"""Load on a simulated service: what is offered over time, what the ready pods make of it, and the CPU that shows it."""
