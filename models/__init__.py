"""What was learned: packs of weights, fitted on the gold of `corpus`."""
