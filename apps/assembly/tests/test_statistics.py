"""The figures of an assembly, on one that can be counted by hand."""

from assembly.statistics import statistics


def test_counts_an_assembly(tmp_path):
    path = tmp_path / "contigs.fa"
    path.write_text(">a\nGGGG\nGGGGGG\n>b\nAAAAAA\n>c\nACGT\n")
    assert statistics(path) == {
        "contigs": 3,
        "total_bases": 20,
        "longest_bases": 10,
        "mean_bases": 6.7,
        "n50_bases": 10,
        "n90_bases": 4,
        "l50_contigs": 1,
        "gc_percent": 60.0,
    }


def test_counts_an_empty_assembly(tmp_path):
    (tmp_path / "contigs.fa").touch()
    assert statistics(tmp_path / "contigs.fa")["n50_bases"] == 0
