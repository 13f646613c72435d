"""What each command does, end to end in this process, on a real library."""

import json
from importlib.metadata import version

import pytest
import tiny_models
from vector_server import VectorServer

from index.library import Library


class TestIndex:
    def test_says_in_json_what_it_did_and_the_second_time_that_nothing_changed(self, run, tmp_path, leave):
        (tmp_path / "docs").mkdir()
        (tmp_path / "docs" / "leave.md").write_text(leave)
        first = json.loads(run("index", "docs", "--json", home=tmp_path / "home").stdout)
        assert list(first) == [
            "schema", "added", "changed", "removed", "unchanged", "failed", "documents", "chunks", "seconds"
        ]  # fmt: skip
        assert (first["added"], first["documents"], first["failed"]) == (1, 1, [])
        second = json.loads(run("index", "docs", "--json", home=tmp_path / "home").stdout)
        assert (second["added"], second["unchanged"]) == (0, 1)

    def test_one_bad_file_is_reported_and_the_rest_go_on(self, run, tmp_path, leave):
        (tmp_path / "docs").mkdir()
        (tmp_path / "docs" / "leave.md").write_text(leave)
        (tmp_path / "docs" / "bad.pdf").write_bytes(b"%PDF-1.7 no more")
        result = run("index", "docs", "--json", home=tmp_path / "home")
        assert result.exit_code == 0
        assert "bad.pdf" in result.stderr
        (failure,) = json.loads(result.stdout)["failed"]
        assert failure["path"].endswith("bad.pdf")
        assert failure["reason"]

    def test_fails_where_nothing_could_be_read(self, run, tmp_path):
        (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 no more")
        result = run("index", "bad.pdf", home=tmp_path / "home")
        assert result.exit_code == 1
        assert "No document could be read" in result.stderr

    def test_fails_on_a_path_that_is_not_there(self, run, tmp_path):
        result = run("index", "nowhere", home=tmp_path / "home")
        assert result.exit_code == 1
        assert "nowhere" in result.stderr

    def test_fails_on_one_path_that_is_not_there_and_reads_the_others(self, run, tmp_path, leave):
        (tmp_path / "docs").mkdir()
        (tmp_path / "docs" / "leave.md").write_text(leave)
        (tmp_path / "docs" / "broken.md").symlink_to(tmp_path / "nowhere")
        assert run("index", "docs", home=tmp_path / "home").exit_code == 0
        result = run("index", "docs", "nowhere", "--json", home=tmp_path / "home")
        assert result.exit_code == 1
        assert json.loads(result.stdout)["documents"] == 1
        assert "nowhere" in result.stderr

    def test_a_file_for_a_home_is_a_configuration_error(self, run, tmp_path, leave):
        (tmp_path / "leave.md").write_text(leave)
        (tmp_path / "home").write_text("a file")
        result = run("index", "leave.md", home=tmp_path / "home")
        assert result.exit_code == 4
        assert len(result.stderr.splitlines()) == 1

    def test_rebuilds_what_it_holds_when_no_path_is_named(self, run, tmp_path, leave):
        (tmp_path / "leave.md").write_text(leave)
        assert run("index", "leave.md", home=tmp_path / "home").exit_code == 0
        result = run("index", "--rebuild", "--json", home=tmp_path / "home")
        assert (result.exit_code, json.loads(result.stdout)["documents"]) == (0, 1)
        assert (
            "26 days" in run("ask", "How many days of leave may staff take?", home=tmp_path / "home").stdout
        )

    @pytest.mark.parametrize("space", ["", "two\nlines", "hid\u200bden"])
    def test_refuses_a_space_that_nobody_could_type(self, run, tmp_path, space):
        assert run("index", ".", "--space", space, home=tmp_path / "home").exit_code == 2


class TestAsk:
    def test_prints_the_answer_and_its_source(self, run, home):
        result = run("ask", "How many days of leave may staff take?", home=home)
        assert result.exit_code == 0
        assert result.stdout.startswith("Staff may take 26 days of leave a year.")
        assert "[1] Leave — “Staff may take 26 days of leave a year.” (id " in result.stdout
        assert result.stderr == ""

    def test_cites_the_exact_span_in_json(self, run, home):
        result = run("ask", "How many days of leave may staff take?", "--json", home=home)
        shown = json.loads(result.stdout)
        assert shown["status"] == "answered"
        with Library.open(home) as library:
            for citation in shown["citations"]:
                text = library.locate(citation["id"]).text
                assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert set(shown["timings_ms"]) == {"retrieve", "write", "verify", "total"}

    def test_reads_the_question_from_stdin(self, run, home):
        result = run("ask", "-", home=home, given="How many days of leave may staff take?\n")
        assert "26 days" in result.stdout

    @pytest.mark.parametrize(
        "question", ["Who won the chess championship in Tbilisi?", "what is the", "谁赢了比赛"]
    )
    def test_ends_with_3_where_the_documents_do_not_say(self, run, home, question):
        result = run("ask", question, home=home)
        assert result.exit_code == 3
        assert result.stdout.startswith("The documents don't say.")

    @pytest.mark.parametrize("question", ["", " \n", "?!…", "\x1b\u202e", "w" * 10_001])
    def test_refuses_what_is_no_question_in_one_sentence(self, run, home, question):
        result = run("ask", "-", home=home, given=question)
        assert (result.exit_code, result.stdout) == (2, "")
        assert len(result.stderr.splitlines()) == 1

    def test_takes_a_question_of_10_000_characters(self, run, home):
        question = "How many days of leave may staff take? " + "x" * 9_961
        assert len(question) == 10_000
        assert run("ask", question, home=home).exit_code in {0, 3}

    def test_sees_through_invisible_characters_in_a_question(self, run, home):
        result = run(
            "ask", "How many \u202edays\u202c of le\u200bave\x1b may staff take?", "--json", home=home
        )
        assert json.loads(result.stdout)["question"] == "How many days of leave may staff take?"

    def test_greets_without_citations(self, run, home):
        shown = json.loads(run("ask", "hello", "--json", home=home).stdout)
        assert (shown["status"], shown["citations"]) == ("small_talk", [])

    def test_looks_only_into_the_spaces_named(self, run, home):
        question = "How much does the director earn?"
        assert "90,000" not in run("ask", question, "--space", "default", home=home).output
        assert "90,000" in run("ask", question, "--space", "default", "--space", "secret", home=home).stdout

    def test_without_a_library_says_what_to_do_and_makes_none(self, run, tmp_path):
        result = run("ask", "How many?", home=tmp_path / "none")
        assert result.exit_code == 4
        assert "footnote index PATH" in result.stderr
        assert not (tmp_path / "none").exists()

    def test_a_home_counts_after_the_command_too(self, run, home, tmp_path):
        result = run("ask", "How many days of leave?", "--home", str(home), home=tmp_path)
        assert "26 days" in result.stdout


class TestChat:
    def test_goes_through_its_lines_and_follows_up(self, run, home):
        questions = "When was the boiler in the annex replaced?\n???\nAnd how much did it cost?\n"
        lines = f"hello\n\n{questions}exit\nnever\n"
        result = run("chat", home=home, given=lines)
        assert result.exit_code == 0
        assert "replaced in 2019. [1]" in result.stdout
        assert "cost 4,000 francs. [" in result.stdout
        assert result.stderr == "Ask a question in words.\n"
        assert "›" not in result.stdout.splitlines()[0]

    def test_ends_with_its_input(self, run, home):
        assert run("chat", home=home, given="hello").exit_code == 0


class TestCite:
    @pytest.fixture
    def citation(self, run, home):
        return json.loads(run("ask", "When is a doctor's note due?", "--json", home=home).stdout)[
            "citations"
        ][0]

    def test_shows_a_citation_in_its_place(self, run, home, citation):
        result = run("cite", citation["id"], home=home)
        assert result.exit_code == 0
        assert "Leave › Sick leave\n" in result.stdout
        assert "A doctor’s note is due after three days. It goes to the team lead." in result.stdout

    def test_gives_the_neighbours_in_json(self, run, home, citation, leave):
        shown = json.loads(run("cite", citation["id"], "--context", "1", "--json", home=home).stdout)
        (passage,) = shown["passages"]
        assert passage["citation"] == citation
        assert passage["before"] + citation["quote"] + passage["after"] in leave
        assert "team lead" in passage["after"]
        assert "26 days" not in passage["before"]

    def test_finds_a_quote_typed_another_way(self, run, home, citation):
        result = run("cite", '"a DOCTOR\'s  note is due after three days."', "--json", home=home)
        (passage,) = json.loads(result.stdout)["passages"]
        assert passage["citation"]["quote"] == "A doctor’s note is due after three days."
        assert passage["citation"]["id"] == citation["id"]

    @pytest.mark.parametrize(
        ("reference", "code"),
        [("k7f3qm-9s4-3z7k", 3), ("words that nobody wrote", 3), ("", 2), ("-", 2)],
    )
    def test_says_in_one_line_that_there_is_no_such_thing(self, run, home, reference, code):
        result = run("cite", reference, home=home, given="?")
        assert (result.exit_code, result.stdout) == (code, "")
        assert len(result.stderr.splitlines()) == 1

    @pytest.mark.parametrize("pasted", ["(id {})", "id {}", "Footnote {}", "({})", "ID {}\n"])
    def test_takes_an_id_as_an_answer_prints_it(self, run, home, citation, pasted):
        shown = json.loads(run("cite", pasted.format(citation["id"]), "--json", home=home).stdout)
        assert [passage["citation"]["id"] for passage in shown["passages"]] == [citation["id"]]

    def test_tells_a_mistyped_id_from_words(self, run, home, citation):
        mistyped = citation["id"][:-1] + ("x" if citation["id"][-1] != "x" else "y")
        for reference in (mistyped, f"(id {mistyped})"):
            result = run("cite", reference, home=home)
            assert (result.exit_code, result.stdout) == (3, "")
            assert result.stderr.startswith("This is no valid citation id")

    def test_says_that_there_are_more_places_than_it_shows(self, run, tmp_path):
        (tmp_path / "docs").mkdir()
        for number in range(25):
            (tmp_path / "docs" / f"{number}.md").write_text(f"# Note {number}\n\nTea is served at four.\n")
        assert run("index", "docs", home=tmp_path / "home").exit_code == 0
        result = run("cite", "tea is served", home=tmp_path / "home")
        assert result.exit_code == 0
        assert result.stdout.count("Tea is served at four.") == 20
        assert result.stderr.startswith("These are the first 20 places; there are more.")
        shown = json.loads(run("cite", "tea is served", "--json", home=tmp_path / "home").stdout)
        assert (len(shown["passages"]), shown["note"]) == (20, result.stderr.strip())
        for number in range(20, 25):
            (tmp_path / "docs" / f"{number}.md").unlink()
        assert run("index", "docs", home=tmp_path / "home").exit_code == 0
        assert run("cite", "tea is served", home=tmp_path / "home").stderr == ""

    def test_names_title_version_and_date(self, run, home, citation):
        shown = run("cite", citation["id"], home=home).stdout
        assert f"version {citation['version']} of 20" in shown

    def test_prints_a_quotation_with_its_reference(self, run, home, citation):
        shown = run("cite", citation["id"], "--quotation", home=home).stdout
        assert shown.startswith(f"“{citation['quote']}”\n— Leave › Sick leave. version ")
        assert shown.endswith(f"Footnote {citation['id']}\n")

    def test_shows_what_comes_closest_as_no_source_and_ends_with_3(self, run, home):
        words = "A doctor's note is due after nine days."
        result = run("cite", words, home=home)
        assert result.exit_code == 3
        assert "none of it is the source" in result.stdout
        assert "due after three days" in result.stdout
        assert result.stderr.startswith("These words stand in none of the documents")
        shown = json.loads(run("cite", words, "--json", home=home).stdout)
        assert shown["passages"] == []
        assert shown["closest"][0]["citation"]["quote"] == "A doctor’s note is due after three days."

    def test_a_hyphen_at_a_lines_end_does_not_matter(self, run, home):
        assert run("cite", "-", home=home, given="a doc-\ntor's note is due").exit_code == 0

    def test_tells_that_a_document_was_removed(self, run, tmp_path, leave):
        (tmp_path / "docs").mkdir()
        for name, text in (("leave.md", leave), ("other.md", "# Other\n\nThere is tea at four.\n")):
            (tmp_path / "docs" / name).write_text(text)
        assert run("index", "docs", home=tmp_path / "home").exit_code == 0
        answer = json.loads(run("ask", "How many days of leave?", "--json", home=tmp_path / "home").stdout)
        (tmp_path / "docs" / "leave.md").unlink()
        assert run("index", "docs", home=tmp_path / "home").exit_code == 0
        result = run("cite", answer["citations"][0]["id"], home=tmp_path / "home")
        assert (result.exit_code, result.stdout) == (3, "")
        assert "The document “Leave” was removed on 20" in result.stderr

    def test_finds_nothing_in_a_space_not_named(self, run, home, citation):
        assert run("cite", citation["id"], "--space", "secret", home=home).exit_code == 3
        assert run("cite", "after three days", "--space", "secret", home=home).exit_code == 3


class TestRemove:
    def test_takes_a_document_out_and_fails_where_none_is(self, run, tmp_path, leave):
        home, file = tmp_path / "home", tmp_path / "leave.md"
        file.write_text(leave)
        (tmp_path / "other.md").write_text("The boiler is old.")
        run("index", "leave.md", "other.md", home=home)
        removed = run("remove", "leave.md", "--json", home=home)
        assert (removed.exit_code, json.loads(removed.stdout)["removed"]) == (0, 1)
        assert file.exists()
        assert run("ask", "How many days of leave?", home=home).exit_code == 3
        again = run("remove", "leave.md", home=home)
        assert again.exit_code == 1
        assert "No document of the space “default” stands there" in again.stderr

    def test_names_the_spaces_there_are(self, run, home):
        result = run("remove", "leave.md", "--space", "nope", home=home)
        assert result.exit_code == 2
        assert "there are: default, secret" in result.stderr


class TestSources:
    def test_are_listed_with_tabs_in_a_pipe(self, run, home):
        rows = [line.split("\t") for line in run("sources", home=home).stdout.splitlines()]
        assert sorted((row[0], row[1]) for row in rows) == [
            ("default", "Heating"),
            ("default", "Leave"),
            ("secret", "Pay"),
        ]

    def test_can_be_narrowed_to_a_space_or_a_title(self, run, home):
        shown = json.loads(run("sources", "--space", "default", "--json", home=home).stdout)
        assert {source["title"] for source in shown["sources"]} == {"Heating", "Leave"}
        assert len(run("sources", "heat", home=home).stdout.splitlines()) == 1


class TestSpaces:
    @pytest.mark.parametrize(
        "words", [["ask", "How much?"], ["chat"], ["cite", "26 days"], ["summarize"], ["sources"]]
    )
    def test_one_that_is_not_there_is_named_with_those_that_are(self, run, home, words):
        result = run(*words, "--space", "default", "--space", "nope", home=home, given="How much?\n")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == "No space is called “nope”; there are: default, secret.\n"


class TestManifest:
    def test_is_made_for_an_address_of_https(self, run, tmp_path):
        shown = run("manifest", "--http", "https://bot.example.com:8443/footnote/", home=tmp_path).stdout
        assert '"https://bot.example.com:8443/footnote/slack/events"' in shown

    @pytest.mark.parametrize(
        "address",
        ["foo", "", "http://bot.example.com", "https://", "https:///x", "https://a.b?c", "https://a b"],
    )
    def test_is_not_made_for_what_slack_cannot_reach(self, run, tmp_path, address):
        result = run("manifest", "--http", address, home=tmp_path)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "https://bot.example.com" in result.stderr


class TestDoctorAndConfig:
    def test_a_healthy_library_passes(self, run, home):
        result = run("doctor", home=home)
        assert result.exit_code == 0, result.output
        assert f"FOOTNOTE_HOME: {home}" in result.stdout
        assert f"tantivy: {version('tantivy')}" in result.stdout

    def test_a_missing_library_does_not(self, run, tmp_path):
        result = run("doctor", home=tmp_path / "none")
        assert result.exit_code == 1
        assert "footnote index PATH" in result.stdout

    @pytest.mark.parametrize(
        ("settings", "said"),
        [
            (
                {"MODEL": "openai-like:m", "MODEL_URL": "{gone}/v1"},
                "✗ model: openai-like:m does not answer",
            ),
            ({"MODEL": "openai-like:m", "MODEL_URL": "{there}/v1"}, "✓ model: openai-like:m answers"),
            ({"MODEL": "ollama:m", "MODEL_URL": "{gone}"}, "✗ model: ollama:m does not answer"),
            ({"MODEL": "openai:m", "MODEL_KEY": "k"}, "✓ model: openai:m, which is not asked here"),
            ({"MODEL": "nobody:m"}, "✗ model: FOOTNOTE_MODEL should read provider:model"),
            ({"RERANKER": "fastembed:foo"}, "✗ reranker: The reranker gave no order. Model foo is not"),
            (
                {"RERANKER": "cohere-like:m", "RERANKER_URL": "{gone}/v2/rerank"},
                "✗ reranker: cohere-like:m does",
            ),
            (
                {"RERANKER": "cohere-like:m", "RERANKER_URL": "{there}/v2/rerank"},
                "✓ reranker: cohere-like:m ans",
            ),
            (
                {"EMBEDDER": "openai-like:m", "EMBEDDER_URL": "{gone}/v1"},
                "✗ embedder's server: openai-like:m",
            ),
        ],
    )
    def test_what_else_is_set_is_tried_but_never_billed(self, run, home, monkeypatch, settings, said):
        with VectorServer() as server:
            for name, value in settings.items():
                at = value.format(gone="http://127.0.0.1:9", there=server.url)
                monkeypatch.setenv(f"FOOTNOTE_{name}", at)
            result = run("doctor", home=home)
            assert not server.requests
        assert said in result.stdout
        assert result.exit_code == (0 if said.startswith("✓") else 1)

    def test_a_reranker_that_runs_here_is_tried(self, run, home, monkeypatch, tmp_path):
        folder = tiny_models.cross_encoder(tmp_path / "tiny")
        monkeypatch.setenv("FOOTNOTE_RERANKER", f"fastembed:{tiny_models.CROSS_ENCODER}")
        monkeypatch.setenv("FOOTNOTE_RERANKER_URL", str(folder))
        assert "✓ reranker: fastembed:" in run("doctor", home=home).stdout
        (folder / "onnx" / "model.onnx").write_bytes(b"no")
        assert "✗ reranker: The reranker gave no order" in run("doctor", home=home).stdout

    def test_config_prints_the_settings_in_force(self, run, home):
        shown = run("config", home=home).stdout.splitlines()
        assert shown[:2] == [f"FOOTNOTE_HOME={home}", "FOOTNOTE_LOG_LEVEL=warning"]

    def test_a_wrong_setting_is_a_configuration_error(self, run, home, monkeypatch):
        monkeypatch.setenv("FOOTNOTE_LOG_LEVEL", "loud")
        result = run("ask", "How many days?", home=home)
        assert result.exit_code == 4
        assert result.stderr.startswith("FOOTNOTE_LOG_LEVEL should be")
