// Which cohorts come back, and how: a policy with a name is for that cohort, one without for those that a hub must keep.
import { mustBeKept } from '../../client/behaviour.ts';
import type { Cohort } from '../../client/cohort.ts';
import { parseReconnect, type ReconnectRule } from '../../client/reconnect/reconnect-language.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { didYouMean } from '../../units/suggest.ts';

export function withReconnect(cohorts: readonly Cohort[], texts: readonly string[]): Parsed<Cohort[]> {
  const rules: ReconnectRule[] = [];
  const names = cohorts.map(({ name }) => name);
  for (const text of texts) {
    const rule = parseReconnect(text);
    if (!rule.ok) return rule;
    const { cohort } = rule.value;
    if (cohort !== undefined && !names.includes(cohort))
      return unparsed(`"${text}": no cohort "${cohort}"${didYouMean(cohort, names)}`);
    if (rules.some((other) => other.cohort === cohort))
      return unparsed(
        `"${text}": ${cohort === undefined ? 'there is already a policy without a name' : `${cohort} already has a policy`}`,
      );
    rules.push(rule.value);
  }
  const ruleOf = (name: string | undefined) => rules.find(({ cohort }) => cohort === name);
  return parsed(
    cohorts.map((cohort) => {
      const rule = ruleOf(cohort.name) ?? (mustBeKept(cohort.behaviour) ? ruleOf(undefined) : undefined);
      return rule === undefined ? cohort : { ...cohort, reconnect: rule.policy };
    }),
  );
}
