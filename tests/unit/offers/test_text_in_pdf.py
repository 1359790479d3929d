"""Random texts through the writer of PDFs: nothing is fetched, nothing runs, and a document comes of each."""

import io

import pypdf
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from offers.rules.outputs import EASY_READ
from offers.rules.snapshots import content_hash
from offers.services.documents import make_documents
from tests.support.snapshots import full_snapshot

PIECES = st.sampled_from(
    [
        *("<script>a()</script>", "<style>*{background:url(//evil.example)}</style>", "<img src=//evil.example/x>"),
        *("![x](https://evil.example/x.png)", "[x](javascript:a())", "[x](https://example.org/)", "<svg onload=a()>"),
        *("<iframe src=file:///etc/passwd>", "<link rel=stylesheet href=http://127.0.0.1:9>", "</p></body></html>"),
        *(
            "<object data=x>",
            "<a href=data:text/html,x>",
            "&#60;script>",
            "<!--",
            "]]>",
            "@import 'x'",
            '"><b>',
            "\n\n",
        ),
        *("|a|\n|-|\n", "# ", "- ", "{{ figure.phbs_in_place }}", "{% include 'x' %}", "url(http://evil.example)"),
    ]
)
# As the database holds them: without the character that no table takes.
OTHERS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=5)
NASTY = st.lists(st.one_of(PIECES, OTHERS), min_size=20, max_size=60).map("".join)


# Each makes three documents, and takes long.
@settings(max_examples=2, deadline=None, phases=[Phase.generate])
@given(body=NASTY, words=NASTY)
def test_nothing_is_fetched_or_run_for_what_people_typed(body: str, words: str) -> None:
    section = {
        "kind": "funding",
        "heading": words[:120] or "Funding",
        "body": body,
        "easy_read": [{"picture": "../../x", "words": words[:300] or "Words"}],
    }
    snapshot = full_snapshot(sections=[section])
    # The writer stops at whatever is not a static file of ours, so what is made has fetched nothing.
    made = make_documents(snapshot, content_hash(snapshot))
    assert EASY_READ in {each.output for each in made}
    for each in made:
        reader = pypdf.PdfReader(io.BytesIO(each.content))
        assert not {"/OpenAction", "/AA", "/AcroForm"} & set(reader.root_object)
        assert not {"/JavaScript", "/EmbeddedFiles"} & set(reader.root_object.get("/Names", {}))
        links = [note.get_object().get("/A", {}) for page in reader.pages for note in page.get("/Annots", [])]
        assert {link.get("/S", "/URI") for link in links} <= {"/URI", "/GoTo"}
        assert all(str(link.get("/URI", "https://")).startswith(("https://", "mailto:")) for link in links)


def test_title_pasted_from_a_word_processor_leaves_the_metadata_whole() -> None:
    """Its line breaks are a character that no XML may hold, and the metadata of a PDF are XML."""
    snapshot = full_snapshot()
    snapshot["local_offer"]["title"] = snapshot["edition"]["title"] = "Budgets\x0bin <Testshire>\x01 & near\ufffe"
    made, *_ = make_documents(snapshot, content_hash(snapshot))
    metadata = pypdf.PdfReader(io.BytesIO(made.content)).xmp_metadata
    assert metadata is not None
    assert "Budgets in <Testshire>  & near" in "".join(metadata.dc_title.values())
