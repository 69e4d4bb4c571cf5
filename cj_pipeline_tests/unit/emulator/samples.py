"""Requests and texts that the emulator's tests send. The essays were written for these tests."""

import json
from typing import Any

GOOD = """Many people believe that students should be allowed to choose their own subjects at school. Although this
idea sounds attractive, I am convinced that a balance between freedom and guidance serves young people better.

First of all, choosing freely increases motivation. When teenagers study topics which genuinely interest them, they
usually work harder and remember more. For example, a girl who loves biology will happily spend her evenings reading
about cells, whereas compulsory lessons in an unrelated field may only frustrate her.

On the other hand, few fifteen-year-olds know what they will need later in life. Mathematics and languages open doors
that cannot be seen in advance. In conclusion, schools ought to offer real choices while still protecting a common core
of knowledge."""

MIDDLE = """I think that students should choose their subjects at school. It is good because then they can learn things
they like. When you like a subject you work more and you get better grades.

But there is also problems. Some students will only choose easy subjects and then they dont learn important things like
math. My friend did not like english but now he need it for his job.

I think the school should decide some subjects and the students can choose the other ones."""

BAD = """i think student should chose there own subject becouse it is more better for them . many student is bored in
school and they dont learn nothing because the teacher speak about thing that is not intresting. my freind he have to
study math and he dont like it so he sleep in the class all day and the teacher get angry with him and then he go home

in my opinon school is a important place but they should listen to us. if i can chose i will take only sport and music
because i am good in sport. so yes student should chose thank you for reading"""

GOOD_SHORT = """Students deserve some freedom to choose their subjects, because genuine interest makes people work
harder. However, a common core remains necessary: nobody knows at fifteen which knowledge will matter later. Schools
should therefore combine both, offering real options without abandoning mathematics and languages."""

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "which": {"type": "string", "enum": ["left", "right"]},
        "how_clearly": {"type": "integer", "enum": [1, 2, 3, 4]},
        "because": {"type": "string"},
    },
    "required": ["which", "how_clearly", "because"],
    "additionalProperties": False,
}
CHAT = "/v1/chat/completions"
RESPONSES = "/v1/responses"
MODEL = "model-one"


def prompt(a: str = GOOD, b: str = BAD, nonce: str = "c0ffee") -> str:
    """Return a prompt that shows two essays."""
    return (
        f'Which is better?\n<essay_a nonce="{nonce}">\n{a}\n</essay_a nonce="{nonce}">\n'
        f'<essay_b nonce="{nonce}">\n{b}\n</essay_b nonce="{nonce}">\nAnswer.'
    )


def chat_body(text: str | None = None, **more: object) -> dict[str, Any]:
    """Return the body of a chat completion with a schema."""
    form = {"type": "json_schema", "json_schema": {"name": "verdict", "strict": True, "schema": SCHEMA}}
    return {
        "model": MODEL,
        "messages": [{"role": "system", "content": "You judge."}, {"role": "user", "content": text or prompt()}],
        "response_format": form,
    } | more


def message_params(text: str | None = None, **more: object) -> dict[str, Any]:
    """Return the params of a message with a schema."""
    return {
        "model": MODEL,
        "max_tokens": 500,
        "system": "You judge.",
        "messages": [{"role": "user", "content": text or prompt()}],
        "output_config": {"format": {"type": "json_schema", "schema": SCHEMA}},
    } | more


def line(custom_id: str, *, url: str = CHAT, body: dict[str, Any] | None = None, **more: object) -> str:
    """Return one line of a batch input file."""
    item = {"custom_id": custom_id, "method": "POST", "url": url, "body": body or chat_body()}
    return json.dumps(item | more) + "\n"


def lines(count: int) -> bytes:
    """Return a batch input file whose requests all differ."""
    return "".join(line(f"item-{n}", body=chat_body(prompt(nonce=f"ab{n}"))) for n in range(count)).encode()


def message_requests(count: int, **more: object) -> list[Any]:
    """Return the requests of a message batch, all different."""
    return [{"custom_id": f"item-{n}", "params": message_params(prompt(nonce=f"ab{n}"), **more)} for n in range(count)]
