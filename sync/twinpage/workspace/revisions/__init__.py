"""The vault as git has it: the gate, differences, the review, three versions to merge."""
