"""Messages as turns."""

from footnote.app.conversation.turns import Turn, turns_of


def test_a_user_begins_a_turn_and_the_assistant_answers_it():
    said = [
        ("assistant", "Hello!"),
        ("system", "Be brief."),
        ("user", "  Which port? "),
        ("assistant", "7070."),
        ("tool", "noise"),
        ("assistant", " It can be changed. "),
        ("user", "   "),
        ("user", "And the host?"),
        ("user", "Never mind."),
    ]
    assert turns_of(said) == (
        Turn("Which port?", "7070.\nIt can be changed."),
        Turn("And the host?"),
        Turn("Never mind."),
    )
    assert turns_of([]) == ()
