"""Writes the guide's page of keys into the resources: `python -m tests.tools.keys_page`."""

from app.command_order import all_commands
from app.features.help.guide import KEYS_PAGE, default_keys, keys_page
from matting_core.resources import resource_path

if __name__ == "__main__":
    page = keys_page(all_commands(), default_keys)
    resource_path(f"guide/{KEYS_PAGE}").write_text(page, encoding="utf-8")
