import type { Bilingual } from '@changbai/contract/calendar.ts'
import type { z } from 'zod'
import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type Incoming, ruleFor } from './intake/incoming.domain.ts'
import { type Found, findObjects } from './objects.service.ts'
import { type About, type Observed, observe, type Seen } from './observe.service.ts'
import { policyFor } from './policy.ts'
import { type MetricRule, rulesInForce } from './rule.service.ts'
import { type EventRule, secondsOf } from './rules/pack.domain.ts'
import { takeWatchdogs } from './self.service.ts'

const same = (text: string): z.infer<typeof Bilingual> => ({ zh: text, en: text })

/** Everything a sender said in one request, decided before it is acknowledged. */
export async function takeIncoming(
  ctx: Ctx,
  source: { id: string; name: string; skewed_since: Temporal.Instant | null },
  said: readonly Incoming[],
): Promise<Observed> {
  const acting = { ...ctx, actor: systemActor(source.name) }
  const incoming = await takeWatchdogs(acting, source, said)
  const rules = await rulesInForce(acting)
  const byId = new Map(rules.metric.map((one) => [one.rule.id, one]))
  const found = await findObjects(
    acting,
    incoming.map(({ object }) => object),
  )
  // a sender whose clock is known to be off is believed what it says, not when
  const heard = source.skewed_since ? incoming.map((one) => ({ ...one, startedAt: null })) : incoming
  const seen = heard.map((one, index): Seen => {
    const where = found[index] as Found
    // our own rules, evaluated by somebody else: the same alarm as if we had evaluated them
    const own = byId.get(one.labels.changbai_rule ?? '')
    if (own) return ofOwnRule(acting, source.id, one, own, where)
    return ofEvent(acting, source.id, one, ruleFor(one, rules.event), where)
  })
  return observe(acting, seen)
}

/** `device=sda`: what of the object, by the labels its rule keeps apart. */
export const partOf = (labels: Readonly<Record<string, string>>, names: Iterable<string>): string =>
  [...new Set(names)]
    .sort()
    .flatMap((name) => (labels[name] ? [`${name}=${labels[name]}`] : []))
    .join(',')

function ofOwnRule(ctx: Ctx, sourceId: string, one: Incoming, { rule, metric }: MetricRule, where: Found): Seen {
  const part = partOf(
    one.labels,
    metric.sources.flatMap(({ by }) => by),
  )
  const isMissing = one.labels.changbai_missing === 'true'
  const about: About = {
    ...whereOf(one, where, sourceId),
    ruleId: rule.id,
    title: isMissing ? { zh: `无数据：${rule.title.zh}`, en: `No data: ${rule.title.en}` } : rule.title,
    hint: rule.hint,
    topic: isMissing ? 'collection' : metric.topic,
    clause: metric.clause ?? null,
    cause: rule.cause ?? null,
    lost: rule.lost && !isMissing,
    unit: isMissing ? '' : metric.unit,
  }
  const level = one.state === 'firing' ? one.level : null
  return {
    identity: `${isMissing ? 'missing' : 'rule'}:${rule.id}|${where.key}|${part}`,
    sight: { at: one.at, level, ...sinceOf(one), ...(one.quietAt === null ? {} : { quietAt: one.quietAt }) },
    // a resolved alert of one level must not close what fires at another
    sign: one.labels.level ?? 'III',
    value: one.value,
    about,
    // the sender has waited already
    policy: { ...policyFor(ctx, rule, !isMissing && rule.incident), forMs: 0, quiet: 'missing' },
  }
}

const sinceOf = ({ startedAt }: Incoming): { since?: number } => (startedAt === null ? {} : { since: startedAt })
const whereOf = (one: Incoming, where: Found, sourceId: string) => ({
  source: one.source,
  sourceId,
  object: where.object,
  objectName: where.name,
  labels: one.labels,
})
const QUIET_SECONDS = 900

function ofEvent(ctx: Ctx, sourceId: string, one: Incoming, rule: EventRule | undefined, where: Found): Seen {
  const promised = one.source === 'ALERTMANAGER' || one.source === 'WEBHOOK'
  const quietAt = one.quietAt ?? one.at + 1000 * (rule ? secondsOf(rule.quietAfter) : QUIET_SECONDS)
  const level = rule?.level ?? one.level ?? 'III'
  return {
    identity: `${one.source.toLowerCase()}:${promised ? sourceId : ''}|${where.key}|${one.fingerprint}`,
    sight: { at: one.at, level: one.state === 'firing' ? level : null, ...sinceOf(one), quietAt },
    value: one.value,
    about: {
      ...whereOf(one, where, sourceId),
      ruleId: rule?.id ?? null,
      title: rule ? { zh: withDetail(rule.title.zh, one), en: withDetail(rule.title.en, one) } : same(one.title),
      hint: rule?.hint ?? (one.detail ? same(one.detail.slice(0, 2000)) : null),
      topic: rule?.topic ?? one.labels.topic ?? 'collection',
      clause: rule?.clause ?? one.labels.clause ?? null,
      cause: rule?.cause ?? one.labels.cause ?? null,
      lost: false,
      unit: one.source === 'FASTNETMON' ? 'pps' : '',
    },
    policy: {
      ...policyFor(ctx, { for: 'PT0S', settle: 'PT0S', missing: 'hold' }, rule?.incident ?? true),
      quiet: promised ? 'missing' : 'over',
    },
  }
}
const withDetail = (title: string, { title: own, source }: Incoming): string =>
  source === 'SURICATA' || source === 'REDFISH' ? `${title}：${own}`.slice(0, 300) : title
