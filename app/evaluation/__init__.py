"""Evaluation: question files -> ask each -> scores per question -> means with intervals -> reports."""
