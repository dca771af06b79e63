"""Telegram: a bot that fetches or is sent updates, asks the engine and answers with native messages and buttons."""

from roadmap_bot.adapters.telegram.bot import TelegramBot

__all__ = ["TelegramBot"]
