/** @file What a guardian is to a child and what follows from it, in words. What follows is the engine's answer. */
import type { Kin, PersonEntry, Reach, Relation } from '../../engine/contract';
import { t } from '../../i18n/i18n.svelte';

export const custodies = ['joint', 'sole', 'court', 'foster', 'none'] as const;

interface Names {
  readonly name: string;
  readonly child: string;
}

/** Each right and how it stands. */
export function facts(
  relation: Relation,
  { name, child }: Names,
): readonly { readonly what: string; readonly is: string; readonly holds: boolean }[] {
  const { custody, livesWith, information, collect } = relation;
  return [
    { what: t('kin-custody'), is: t(`kin-custody-${custody}`), holds: custody !== 'none' },
    {
      what: t('kin-lives'),
      is: livesWith ? t('kin-lives-yes', { name, child }) : t('kin-lives-no', { name, child }),
      holds: livesWith,
    },
    {
      what: t('kin-information'),
      is: information ? t('kin-information-yes') : t('kin-information-no'),
      holds: information,
    },
    { what: t('kin-collect'), is: collect ? t('kin-collect-yes') : t('kin-collect-no'), holds: collect },
  ];
}

/** In one line, for a list. */
export function inShort(relation: Relation): string {
  return [
    t('kin-plan-custody', { custody: t(`kin-custody-${relation.custody}`) }),
    relation.information ? t('kin-information-yes') : t('kin-information-no'),
    relation.collect ? t('kin-collect-yes') : t('kin-collect-no'),
  ].join(' · ');
}

export function sameRelation(a: Relation, b: Relation): boolean {
  return (
    a.custody === b.custody && a.livesWith === b.livesWith && a.information === b.information && a.collect === b.collect
  );
}

/** What somebody will notice when what they see becomes something else. */
export function follows(now: Reach, then: Reach, { name, child }: Names): readonly string[] {
  const lines: string[] = [];
  if (now.child && !then.child) lines.push(t('kin-follows-child-lost', { name, child }));
  if (!now.child && then.child) lines.push(t('kin-follows-child-gained', { name, child }));
  if (now.group && !then.group) lines.push(t('kin-follows-group-lost', { name }));
  if (!now.group && then.group) lines.push(t('kin-follows-group-gained', { name }));
  if (now.child && !then.child && then.group) lines.push(t('kin-follows-group-stays', { name }));
  if (now.thread && !then.thread) lines.push(t('kin-follows-thread-lost', { child }));
  if (!now.thread && then.thread) lines.push(t('kin-follows-thread-gained', { name, child }));
  if (lines.length === 0) return [t('kin-follows-none', { name })];
  const less = (now.child && !then.child) || (now.group && !then.group) || (now.thread && !then.thread);
  return [...lines, ...(less ? [t('kin-follows-kept', { name })] : []), t('kin-follows-others')];
}

/** Directors who came later than the protection of somebody: they read with them once it is said anew who knows. */
export function unaware(kin: Kin | undefined, team: readonly PersonEntry[]): readonly PersonEntry[] {
  const named = kin?.named;
  if (!named) return [];
  const knows = new Set(named.map((one) => one.person));
  return team.filter((one) => one.role === 'director' && one.stage === 'member' && !knows.has(one.person));
}
