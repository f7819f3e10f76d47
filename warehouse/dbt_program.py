"""The program `dbt`, unchanged but for how often Python looks for garbage."""

from warehouse.collecting import collecting_seldom


def main() -> None:
    """Run dbt on the arguments of this process; ends the process with dbt's status."""
    from dbt.cli.main import cli

    with collecting_seldom():
        cli(prog_name="dbt")


if __name__ == "__main__":
    main()
