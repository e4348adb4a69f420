"""Enough of TensorFlow's names for Rasa's imports; any use of one raises.

Rasa 3.6 imports TensorFlow at start wherever a component of its own could use it. This project's pipeline and policies
use none of them, so 1.9 GB stay out. A stand-in that let a DIET configuration "train" quietly would be worse than no
stand-in: whatever is called, made, read or compared here raises WrongPlace.
"""

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

ROOTS = ("tensorflow", "keras")


class WrongPlace(RuntimeError):
    """TensorFlow is not part of this project: take the component that needs it (DIETClassifier, TEDPolicy,
    ResponseSelector, UnexpecTEDIntentPolicy, ConveRT or language-model featurizers) out of config.yml, or put the real
    tensorflow 2.12 into bot/rasa/pyproject.toml."""


def _raise(name: str) -> NoReturn:
    raise WrongPlace(f"{name} was used. {' '.join((WrongPlace.__doc__ or '').split())}")


class _Name(type):
    """A class that may be a base, stand in an annotation and have attributes, and can do nothing else."""

    def __getattr__(cls, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return _named(f"{cls.__module__}.{cls.__qualname__}.{attribute}")

    def __call__(cls, *args: Any, **kwargs: Any) -> NoReturn:
        _raise(f"{cls.__module__}.{cls.__qualname__}")

    def __getitem__(cls, item: Any) -> Any:
        return cls

    def __iter__(cls) -> NoReturn:
        _raise(f"{cls.__module__}.{cls.__qualname__}")

    def __bool__(cls) -> NoReturn:
        _raise(f"{cls.__module__}.{cls.__qualname__}")


def _named(dotted: str) -> Any:
    module, _, name = dotted.rpartition(".")
    return _Name(name, (), {"__module__": module})


class _Module(ModuleType):
    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return sys.modules.get(f"{self.__name__}.{attribute}") or _named(f"{self.__name__}.{attribute}")


class _Finder:
    """Gives a module for every dotted name under tensorflow and keras."""

    @classmethod
    def find_spec(cls, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, cls, is_package=True) if name.split(".")[0] in ROOTS and "." in name else None

    @staticmethod
    def create_module(spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        """Nothing to run: every attribute is made when it is asked for."""


__version__ = "2.12.0"
sys.meta_path.append(_Finder)  # type: ignore[arg-type]
sys.modules[__name__].__class__ = _Module
