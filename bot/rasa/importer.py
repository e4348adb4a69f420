"""Lets bare `rasa train`, `rasa test` and `rasa data validate` find the domain in bot/domain/."""

from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter

from bot.rasa.paths import ROOT


class ProjectImporter(RasaFileImporter):
    """Rasa's own importer, with this project's folder as the domain where none is named, or the default is not there."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        named = domain_path if domain_path and Path(domain_path).exists() else str(ROOT / "bot" / "domain")
        super().__init__(config_file, named, training_data_paths)
