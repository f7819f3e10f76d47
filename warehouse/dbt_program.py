"""The program `dbt`, but for the order of its nodes and how often Python looks for garbage."""

from warehouse.collecting import collecting_seldom
from warehouse.scheduling import longest_chain_first


def main() -> None:
    """Run dbt on the arguments of this process; ends the process with dbt's status."""
    from dbt.cli.main import cli

    with collecting_seldom(), longest_chain_first():
        cli(prog_name="dbt")


if __name__ == "__main__":
    main()
