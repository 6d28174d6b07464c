"""The check of answers: does each sentence follow from the passages it cites?"""
