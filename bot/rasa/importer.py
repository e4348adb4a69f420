"""Lets bare `rasa train`, `rasa test` and `rasa data validate` find the domain in bot/domain/."""

from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.rasa import patches
from bot.rasa.paths import ROOT

patches.apply()

DEFAULT = ROOT / "domain.yml"  # says where the domain is, for people and for commands that want a file


class ProjectImporter(RasaFileImporter):
    """Rasa's own importer, with this project's folder as the domain unless another one is named."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        named = Path(domain_path or DEFAULT).absolute()
        folder = ROOT / "bot" / "domain"
        super().__init__(
            config_file, str(folder if named == DEFAULT or not named.exists() else named), training_data_paths
        )
        self._nlu_data: TrainingData | None = None

    def get_nlu_data(self, language: str | None = None) -> TrainingData:
        """Read once: Rasa asks several times, under several languages, which its own reader does not look at."""
        if self._nlu_data is None:
            self._nlu_data = super().get_nlu_data()
        return self._nlu_data
