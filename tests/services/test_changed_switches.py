"""Whatever switch is set otherwise: after `calendar refresh --all` every row is what its history says."""

import shutil
from pathlib import Path

import pytest

from requestflow.bootstrap import open_office
from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.services.office import Office
from requestflow.services.recalculation import refresh
from requestflow.services.verification import verify

SWITCHES = load_workflow(workflow_path("disclosure"))[0].switches.values()
PLACE = '# extension_on_due_date = "allowed"'  # where the sample settings show how a switch is set
OTHERWISE = [(one.name, option) for one in SWITCHES for option in one.options if option != one.value]


@pytest.mark.parametrize(("name", "option"), OTHERWISE)
def test_any_switch_can_be_changed(busy: Office, tmp_path: Path, name: str, option: str) -> None:
    """Before it, `verify` asks for a refresh and for nothing else; after it, everything holds."""
    shutil.copytree(busy.settings.folder, tmp_path / "office")
    config = tmp_path / "office" / busy.settings.path.name
    text = config.read_text("utf-8")
    assert text.count(PLACE) == 1
    config.write_text(text.replace(PLACE, f'{name} = "{option}"'), "utf-8")
    office = open_office(config, busy.today())
    assert office.workflow.switch(name) == option
    assert office.refresh_owed()
    assert {one.code for one in verify(office).problems} <= {"calendar_not_refreshed"}

    refresh(office, everything=True)

    assert verify(office).problems == []
    assert not office.refresh_owed()
