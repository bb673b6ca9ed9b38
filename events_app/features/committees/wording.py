"""The sentences about a sitting that pages, papers and the API say alike."""

from events_app.features.committees.model import Vote
from events_app.features.committees.quorum import Quorum
from events_app.features.committees.rules import RuleSet
from events_app.features.committees.votes import Ballot, Outcome
from events_app.infra.i18n import Translator
from events_app.kernel.errors import N_

FAMILY_NAMES = {
    "closed_syndicate": N_("Closed mixed syndicate (communes and their groupings)"),
    "open_syndicate": N_("Open mixed syndicate, metropolitan pole with a department or region"),
    "association": N_("Association"),
    "free": N_("Working group, by its own rules"),
}

BALLOT_NAMES = {
    Ballot.ORDINARY: N_("By show of hands"),
    Ballot.PUBLIC: N_("Public, by name"),
    Ballot.SECRET: N_("Secret"),
    Ballot.ELECTION: N_("Election, by secret ballot"),
}

OUTCOME_NAMES = {
    Outcome.ADOPTED: N_("Adopted"),
    Outcome.REJECTED: N_("Rejected"),
    Outcome.ELECTED: N_("Elected"),
    Outcome.ANOTHER_ROUND: N_("Another round is needed"),
    Outcome.EQUAL: N_("Equal: the oldest is elected"),
}


def quorum_sentence(quorum: Quorum, rules: RuleSet, words: Translator, *, second: bool = False) -> str:
    """“11 present of 22: 12 are needed.”"""
    counted = (
        words.ngettext("%(num)s present of %(of)s", "%(num)s present of %(of)s", quorum.counted)
        if not rules.proxies_count
        else words.ngettext(
            "%(num)s present or represented of %(of)s",
            "%(num)s present or represented of %(of)s",
            quorum.counted,
        )
    )
    counted = counted % {"num": words.number(quorum.counted), "of": words.number(quorum.in_office)}
    if second and rules.second_after_days is not None:
        return words.gettext("%(counted)s: a second sitting needs no quorum.") % {"counted": counted}
    if quorum.reached:
        return words.gettext("The quorum is reached: %(counted)s.") % {"counted": counted}
    needed = words.number(quorum.needed)
    return words.gettext("%(counted)s: %(needed)s are needed.") % {"counted": counted, "needed": needed}


def rules_sentences(rules: RuleSet, words: Translator) -> list[str]:
    """What holds, in plain words."""
    found = [
        words.gettext("The quorum is the majority of the members in office; proxies count.")
        if rules.proxies_count
        else words.gettext(
            "The quorum is the majority of the members in office who are there; proxies do not count."
        ),
        words.ngettext(
            "One person holds %(num)s proxy at most.",
            "One person holds %(num)s proxies at most.",
            rules.proxies_each,
        )
        % {"num": words.number(rules.proxies_each)},
        words.ngettext(
            "Letters go out %(num)s clear day before.",
            "Letters go out %(num)s clear days before.",
            rules.clear_days,
        )
        % {"num": words.number(rules.clear_days)},
    ]
    found.append(
        words.gettext("Whoever steps aside for an item still counts as in office for it.")
        if rules.recused_in_office
        else words.gettext("Whoever steps aside for an item is not in office for it.")
    )
    if rules.second_after_days is not None:
        found.append(
            words.ngettext(
                "Without a quorum a second sitting, at least %(num)s day later, needs none.",
                "Without a quorum a second sitting, at least %(num)s days later, needs none.",
                rules.second_after_days,
            )
            % {"num": words.number(rules.second_after_days)}
        )
    if rules.casting_vote:
        found.append(words.gettext("An open vote that is equal goes as the chair voted."))
    return found


def vote_sentence(vote: Vote, words: Translator) -> str:
    """“Adopted: 18 for, 1 against, 2 abstentions.”"""
    outcome = words.gettext(OUTCOME_NAMES[vote.outcome])
    if vote.ballot is Ballot.ELECTION:
        last = vote.rounds[-1]
        counted = ", ".join(f"{name} {words.number(votes)}" for name, votes in last.votes.items())
        name = f" ({vote.elected})" if vote.elected else ""
        return words.gettext(
            "%(outcome)s%(name)s, round %(round)s: %(counted)s; blank or void: %(blank)s."
        ) % {
            "outcome": outcome,
            "name": name,
            "round": words.number(len(vote.rounds)),
            "counted": counted,
            "blank": words.number(last.blank),
        }
    if vote.counts is None:
        return outcome
    counts = vote.counts
    parts = [
        words.gettext("%(num)s for") % {"num": words.number(counts.votes_for)},
        words.gettext("%(num)s against") % {"num": words.number(counts.against)},
        words.ngettext("%(num)s abstention", "%(num)s abstentions", counts.abstentions)
        % {"num": words.number(counts.abstentions)},
    ]
    if counts.not_taking_part:
        parts.append(
            words.ngettext("%(num)s not taking part", "%(num)s not taking part", counts.not_taking_part)
            % {"num": words.number(counts.not_taking_part)}
        )
    return words.gettext("%(outcome)s: %(parts)s.") % {"outcome": outcome, "parts": ", ".join(parts)}
