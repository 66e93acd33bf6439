"""The import on documents of our own, in both layouts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from twinpage.core.importing import ImportResult, import_documents
from twinpage.core.schema.registry import Registry

Count = Callable[[Mapping[str, bytes], ImportResult], list[str]]

JOURNEY_PAGE = """# #profile Name - Journey
- ## 🔍 Definition
  - What somebody goes through with us.
- ## 📰 Content type (journey, stage)
  - Content is of type template.

- ## 🔑 Keys
  - Few surprises
    - Each step is announced by the one before.
- ## 🤖 innCoPilot
  Take this definition as given. What would a first step look like?Who opens the door?
  Who closes it?
- ## 📖 Description
  Read it from top to bottom.

  - once as the guest
  - once as the host
- ## 👉 Examples
  ### Orbit Works
  #journey Awareness
  The buyer reads about a launch.

  #journey Contract
  Lawyers meet.
  ### Stages of the night
  They are part of the text.
  ### Tea House
  - Segment ID: Walkers (on foot)
  - Profile ID: Tired walker___Map reader
  - Journey:
    1. Arrival: The walker sees the lantern.
    2. First cup: Nobody asks for money.
    3. Farewell: The path looks shorter.
- ## 🗄️ Topics
  - [[Hospitality]]
- ## 🧰 Tools
  - [[Paper map]]
    - Draw the path.
- ## House rules
  Shoes stay outside.
"""

STRATEGY_PAGE = """# #profile Name - Sales strategy
- ## Definition
  - How they are won.
- ## Content type
  - Content is of type text
- ## Examples
  ### Orbit Works
  Show the record
  Every launch counts.

  Name the price
  No surprises later.
  ### Tea House
  - Light the lantern
  - Bake in the morning
  - Wave
"""

PROFILE_TYPE = """icon:: 🧿
page-type:: [[artifact info]]
metamodel-id:: [[profile (id)]]
relations:: [[segment (id)]] [[]]
weight:: 70
page-colour:: teal

- ## Definition
  - Who they are.
- ## Content type (profile)
  - Content is of type list.
  - Content uses the following classes:
    - [[profile]]
      - {{embed [[profile]]}}
- ## Keys
  - #block [[profile-(id)]] > #key 💰75 [Closeness](https://example.org/x) {{renderer :bar}}
    key-weight:: 75
    value:: 50
- ## Examples
  - ### profile-(id)/examples/Orbit Works
    {{embed [[profile-(id)/examples/Orbit Works]]}}
  - ### profile-(id)/examples/Far Away
    {{embed [[profile-(id)/examples/Far Away]]}}
- ## Tools
  - [[Interview]]
    - Ask twice.
"""

PROFILE_EXAMPLE = """      - The #stakeholder Customers / #segment Agencies / #role Launch buyer
       Signs for the payload.
       [[Mission planner]]
       Knows the calendar.
"""

KEY_PAGE = """alias:: Closeness
page-type:: [[key]]
xBoK-key-rating:: 75
- #### How near are we?
- #questions
  - #question Do we meet?
- #Risks

  - ### Distance
  - They forget us.
  - #### mitigation strategy
  - Write letters.
  - #### contingency strategy
  - Travel.
- #TODOs
  - TODO buy stamps
"""

CLASS_PAGE = (
    "color:: blue\nicon:: 🙋\npage-type:: [[class]]\nalias:: guests\n\n- ### Definition \n  - Somebody who stays.\n"
)
CLASS_LIST = "- guest\n  - #[[guest]]  [[Walker]]\n  - #[[guest]]  [[Rider/On time]]\n"


def imported(registry: Registry, **texts: str) -> ImportResult:
    return import_documents({f"{name}.md": text.encode() for name, text in texts.items()}, registry)


def by_id(result: ImportResult) -> dict[str, dict[str, Any]]:
    return {artifact["id"]: artifact for artifact in result.artifacts}


@pytest.fixture
def inline(registry: Registry) -> ImportResult:
    return imported(registry, journey=JOURNEY_PAGE, strategy=STRATEGY_PAGE)


def test_a_page_without_properties_becomes_an_artifact_type(inline: ImportResult) -> None:
    page = by_id(inline)["artifact-types/profile-id/journey"]
    assert page["name"] == "Profile journey"
    assert page["metamodel-id"] == "profile-(id)/journey"
    assert page["format"] == "template"
    assert page["item-classes"] == ["journey", "stage"]
    assert page["definition"] == "What somebody goes through with us."
    assert page["description"] == "Read it from top to bottom.\n\n- once as the guest\n- once as the host"
    assert page["copilot"] == {
        "sentence": "Take this definition as given. What would a first step look like?",
        "questions": ["Who opens the door?", "Who closes it?"],
    }
    assert page["keys"] == [
        {"id": "few-surprises", "name": "Few surprises", "description": "Each step is announced by the one before."}
    ]
    assert page["topics"] == ["Hospitality"]
    assert page["tools"] == [{"id": "paper-map", "name": "Paper map", "use": "Draw the path."}]
    assert page["body"] == "- ## House rules\n  Shoes stay outside."


def test_an_example_ends_where_the_next_known_case_begins(inline: ImportResult) -> None:
    made = by_id(inline)
    assert [i for i, a in made.items() if a["kind"] == "case"] == ["orbit-works", "tea-house"]
    assert made["tea-house"]["example"] is True
    stages = made["orbit-works/journeys/orbit-works-client"]["stages"]
    assert [stage["id"] for stage in stages] == ["awareness", "contract"]
    assert stages[1]["description"] == "Lawyers meet.\n### Stages of the night\nThey are part of the text."


def test_headers_declare_segment_and_profile(inline: ImportResult) -> None:
    made = by_id(inline)
    assert made["tea-house/segments/walkers-on-foot"]["name"] == "Walkers (on foot)"
    profile = made["tea-house/profiles/tired-walker-map-reader"]
    assert profile["name"] == "Tired walker / Map reader"
    assert profile["segment"] == "tea-house/segments/walkers-on-foot"
    journey = made["tea-house/journeys/tired-walker-map-reader"]
    assert journey["profile"] == profile["id"]
    assert [stage["name"] for stage in journey["stages"]] == ["Arrival", "First cup", "Farewell"]
    assert journey["stages"][1]["description"] == "Nobody asks for money."


def test_what_names_no_profile_is_given_to_one_and_that_is_told(inline: ImportResult) -> None:
    made = by_id(inline)
    assert made["tea-house/sales-strategies/tired-walker-map-reader"]["profile"].endswith("tired-walker-map-reader")
    assert made["orbit-works/sales-strategies/orbit-works-client"]["items"] == [
        {"id": "show-the-record", "name": "Show the record", "description": "Every launch counts."},
        {"id": "name-the-price", "name": "Name the price", "description": "No surprises later."},
    ]
    remarks = "\n".join(inline.remarks)
    assert "`orbit-works/profiles/orbit-works-client`, which was made for it" in remarks
    assert "the sales strategy of Tea House names no profile" in remarks


def test_nothing_is_dropped_in_silence(inline: ImportResult, unaccounted: Count) -> None:
    documents = {"journey.md": JOURNEY_PAGE.encode(), "strategy.md": STRATEGY_PAGE.encode()}
    assert unaccounted(documents, inline) == []
    assert not inline.report
    without = replace(inline, artifacts=tuple(a for a in inline.artifacts if a["kind"] != "journey"))
    assert "journey.md:21: The buyer reads about a launch." in unaccounted(documents, without)


def test_pages_with_properties_and_a_page_for_each_example(registry: Registry, unaccounted: Count) -> None:
    documents = {
        "s/profile-(id).md": PROFILE_TYPE.encode(),
        "s/profile-(id)___examples___Orbit Works.md": PROFILE_EXAMPLE.encode(),
        "k/profile-(id)___Closeness.md": KEY_PAGE.encode(),
        "c/guest.md": CLASS_PAGE.encode(),
        "c/guest___list.md": CLASS_LIST.encode(),
    }
    result = import_documents(documents, registry)
    made = by_id(result)
    page = made["artifact-types/profile-id"]
    assert (page["icon"], page["weight"], page["relations"]) == ("🧿", 70, ["Segment"])
    assert page["item-classes"] == ["profile"]
    assert page["keys"] == [{"id": "closeness", "name": "Closeness", "weight": 75}]
    assert "https://example.org/x" in page["extras"]["keys"]
    assert page["extras"]["page-colour"] == "teal"
    buyer = made["orbit-works/profiles/launch-buyer"]
    assert (buyer["stakeholder"], buyer["role"]) == ("Customers", "Launch buyer")
    assert buyer["segment"] == "orbit-works/segments/agencies"
    assert made["orbit-works/profiles/mission-planner"]["description"] == "Knows the calendar."
    assert made["far-away"]["example"] is True
    assert [(line.line, line.why) for line in result.report] == [
        (23, "it embeds a page that is not among the documents")
    ]
    assert unaccounted(documents, result) == []


def test_keys_and_classes(registry: Registry) -> None:
    made = by_id(
        import_documents(
            {
                "profile-(id)___Closeness.md": KEY_PAGE.encode(),
                "guest.md": CLASS_PAGE.encode(),
                "guest___list.md": CLASS_LIST.encode(),
            },
            registry,
        )
    )
    key = made["keys/profile-id/closeness"]
    assert (key["weight"], key["definition"], key["questions"]) == (75, "How near are we?", ["Do we meet?"])
    assert key["risks"] == [
        {
            "id": "distance",
            "name": "Distance",
            "description": "They forget us.",
            "mitigation": "Write letters.",
            "contingency": "Travel.",
        }
    ]
    assert key["body"] == "- TODO buy stamps"
    guest = made["classes/guest"]
    assert (guest["colour"], guest["aliases"], guest["definition"]) == ("blue", ["guests"], "Somebody who stays.")
    assert [item["name"] for item in guest["items"]] == ["Walker", "Rider/On time"]


def test_a_marker(registry: Registry) -> None:
    text = "alias:: hurry\nicon:: 🚩\n- Does it have to be now?\n- ### 🚩🚩 (!!) now\n- ### 🚩 (!) soon\n"
    made = by_id(import_documents({"markers/hurry.md": text.encode()}, registry))["markers/hurry"]
    assert (made["symbols"], made["scale"], made["questions"]) == (["!"], 5, ["Does it have to be now?"])


def test_prose_becomes_a_topic(registry: Registry) -> None:
    made = by_id(imported(registry, notes="How to brew\n\nWarm the pot.\n\n- then wait\n", other="- just\n- a list\n"))
    assert made["topics/how-to-brew"]["name"] == "How to brew"
    assert made["topics/how-to-brew"]["body"] == "Warm the pot.\n\n- then wait"
    assert made["topics/other"]["body"] == "- just\n- a list"


def test_other_types_become_entries(registry: Registry) -> None:
    text = """# #profile Name - Goals
- ## Content type (goal)
  - Content is of type list.
- ## Examples
  ### Tea House
  - #goal [[Rest]]: Sit down.
  - #goal [[Warmth]]
    - Hot cups.
  - [[Company]]
  ### Orbit Works
  Just a sentence about it.
"""
    made = by_id(imported(registry, goals=text))
    goals = made["tea-house/entries/profile-goals"]
    assert goals["artifact-type"] == "artifact-types/profile-id/goals"
    assert goals["items"] == [
        {"id": "rest", "name": "Rest", "text": "Sit down.", "class": "goal"},
        {"id": "warmth", "name": "Warmth", "text": "Hot cups.", "class": "goal"},
        {"id": "company", "name": "Company"},
    ]
    assert made["orbit-works/entries/profile-goals"]["text"] == "Just a sentence about it."


def test_a_second_section_of_one_name_is_kept(registry: Registry) -> None:
    text = "# Roles\n- ## Definition\n  - Hats.\n- ## Examples\n- ## Definition\n  - Boots.\n"
    made = by_id(imported(registry, roles=text))["artifact-types/roles"]
    assert (made["definition"], made["body"]) == ("Hats.", "- ## Definition\n  - Boots.")


def test_an_artifact_that_fits_no_kind_is_reported_with_every_line(registry: Registry) -> None:
    text = KEY_PAGE.replace("Do we meet?", "\x07").replace("alias:: Closeness", "alias:: K")
    document = {"profile-(id)___K.md": text.encode(), "profile-(id)___\x07.md": KEY_PAGE.encode()}
    result = import_documents(document, registry)
    assert [artifact["id"] for artifact in result.artifacts] == ["keys/profile-id/k"]
    filled = sum(bool(line.strip()) for line in KEY_PAGE.split("\n"))
    assert len([line for line in result.report if "\x07" in line.path]) == filled


def test_what_a_path_of_tags_says_is_kept(registry: Registry) -> None:
    line = "The #market Europe / #segment Agencies / #role Buyer"
    made = by_id(
        imported(
            registry,
            goals=f"# #profile Name - Goals\n- ## Definition\n- ## Examples\n  ### Tea House\n  {line}\n  Saves.\n",
            people=f"# #profile Name - Profile\n- ## Definition\n- ## Examples\n  ### Tea House\n  {line}\n  Signs.\n",
        )
    )
    assert made["tea-house/entries/profile-goals"]["items"][0]["text"] == f"{line}\n\nSaves."
    assert made["tea-house/profiles/buyer"]["extras"] == {"market": "Europe"}


def test_copies_are_passed_over_or_reported(registry: Registry) -> None:
    documents = {
        "a/tea.md": b"Tea\n\nWater and leaves.\n",
        "a/tea(2).md": b"Tea\nWater and leaves.\n\n\n",
        "a/bread.md": b"Bread\n\nFlour.\n",
        "a/bread(2).md": b"Bread\n\nFlour and salt.\n",
    }
    result = import_documents(documents, registry)
    assert sorted(by_id(result)) == ["topics/bread", "topics/tea"]
    assert result.remarks == ("a/tea(2).md says the same as a/tea.md and was passed over.",)
    assert [(line.path, line.line) for line in result.report] == [("a/bread(2).md", 1), ("a/bread(2).md", 3)]
    assert {line.why for line in result.report} == {"it is in a copy that differs from a/bread.md"}


def test_the_first_document_is_believed_and_the_other_reported(registry: Registry) -> None:
    first = "# Roles\n- ## Definition\n  - Who does what.\n- ## Examples\n  ### Tea House\n"
    first += "  - Cook: stirs\n  - Host: greets\n"
    second = first.replace("Who does what.", "Hats.").replace("  - Host: greets\n", "")
    result = imported(registry, a=first, b=second)
    assert by_id(result)["artifact-types/roles"]["definition"] == "Who does what."
    assert [(line.path, line.line) for line in result.report] == [("b.md", 3), ("b.md", 6)]


def test_mojibake_is_repaired_as_a_whole_or_not_at_all(registry: Registry) -> None:
    damaged = JOURNEY_PAGE.encode("utf-8").decode("mac_roman").encode("utf-8")
    sound = "Café “quoted” – naïve √ text\n\nwith a sign that looks damaged: √©\n".encode()
    result = import_documents({"damaged.md": damaged, "sound.md": sound}, registry)
    assert result.repaired == ("damaged.md",)
    assert by_id(result)["artifact-types/profile-id/journey"]["definition"] == "What somebody goes through with us."
    assert any("√©" in artifact.get("body", "") for artifact in result.artifacts)


def test_the_same_documents_in_any_order_give_the_same(registry: Registry) -> None:
    documents = {"b.md": JOURNEY_PAGE.encode(), "a.md": STRATEGY_PAGE.encode()}
    assert import_documents(documents, registry) == import_documents(dict(reversed(documents.items())), registry)


@pytest.mark.parametrize(
    "text", ["---\ngenerated-by: twinpage\n---\nWhat the model lacks.\n", "generated-by:: twinpage\n\n- What\n"]
)
def test_the_flags_note_of_a_vault_is_nobody_s_text(registry: Registry, text: str) -> None:
    result = import_documents({"Flags.md": text.encode()}, registry)
    assert result.artifacts == ()
    assert [(line.path, line.why) for line in result.report] == [
        ("Flags.md", "twinpage writes this note itself; leave it out")
    ]


def test_a_tagged_title_and_examples_are_enough_for_a_page_of_the_method(registry: Registry) -> None:
    page = b"# #profile Name - Journey\n- ## Examples\n  ### Tea House\n  #journey Smell\n  Bread, from afar.\n"
    made = import_documents({"a.md": page}, registry)
    assert sorted(value["kind"] for value in made.artifacts) == ["artifact-type", "case", "journey", "profile"]
    prose = import_documents({"a.md": page.replace(b"# #profile Name - Journey", b"# What I saw")}, registry)
    assert [value["kind"] for value in prose.artifacts] == ["topic"]
