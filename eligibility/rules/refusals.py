"""What a decision can refuse beside the budget itself, and what may be refused less. Pure."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class RefusedBeside:
    """A direct payment, or services in the plan, refused while the budget is accepted; empty where nothing is.

    The names are those of the columns of a decision.
    """

    direct_payment_reason: str = ""
    direct_payment_explanation: str = ""
    refused_services: str = ""
    service_reason: str = ""
    service_explanation: str = ""

    @property
    def is_any(self) -> bool:
        """Whether anything is refused beside the budget."""
        return any(getattr(self, field.name) for field in fields(self))

    def columns(self) -> dict[str, str]:
        """As columns of a decision."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


NOTHING_BESIDE = RefusedBeside()
