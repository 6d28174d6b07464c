"""What both sides share: types, settings, errors, models, stores, generations."""
