"""news-kg: who said what, where and when, as a graph you can query."""

__version__ = "0.1.0"
