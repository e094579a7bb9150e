import type { HistoryEvent, InstanceView } from '@changbai/contract/process.ts'
import { stepWord } from '../../shared/steps.ts'
import type { Language } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import type { State, TimelineEntry } from '../../shared/ui/index.ts'
import { outcomeWord, roleWords } from './names.ts'

type Kind = HistoryEvent['kind']

/** What happened, as the second half of a line; `outcome` stands where the step's own result says it. */
const WORDS: Partial<Record<Kind, readonly [zh: string, en: string]>> = {
  claim: ['认领', 'taken'],
  release: ['放弃认领', 'given back'],
  return: ['退回', 'returned'],
  recall: ['收回', 'taken back'],
  withdraw: ['撤回', 'withdrawn'],
  transfer: ['转办', 'transferred'],
  delegate: ['委派', 'delegated'],
  addsign: ['加签', 'signature added'],
  'cancel-request': ['申请撤销', 'cancellation asked'],
  'cancel-refused': ['不同意撤销', 'cancellation refused'],
  cancel: ['撤销', 'cancelled'],
  timer: ['到时', 'time reached'],
  job: ['自动完成', 'done automatically'],
  retry: ['再试', 'tried again'],
  incident: ['出现异常', 'stopped with an incident'],
  error: ['没有办成', 'failed'],
  interrupt: ['被中断', 'interrupted'],
  migrate: ['改按新版本走', 'moved to a new version'],
  reminder: ['催办', 'reminded'],
}
const BAD = new Set<Kind>(['incident', 'error', 'cancel', 'interrupt'])
const MINOR = new Set<Kind>(['claim', 'release', 'job', 'timer', 'message', 'reminder', 'retry'])
const SILENT = new Set<Kind>(['message', 'end', 'jump', 'enter', 'leave', 'flow'])

const stateOf = (kind: Kind): State => (BAD.has(kind) ? 'breach' : kind === 'return' || kind === 'cancel-request' ? 'risk' : 'kept')

const namesIn = (value: unknown): string => (Array.isArray(value) ? value.join('、') : typeof value === 'string' ? value : '')

/** One line of the course from one event of the engine's history; null for its own bookkeeping. `minor` lines are hidden at first. */
function toEntry(event: HistoryEvent, lang: Language): (TimelineEntry & { minor: boolean }) | null {
  if (SILENT.has(event.kind)) return null
  const english = lang === 'en-US'
  const step = event.nodeName ? stepWord(event.nodeName, lang) : ''
  const word = event.kind === 'complete' && event.outcome ? outcomeWord(event.outcome, lang) : WORDS[event.kind]?.[english ? 1 : 0]
  const to = namesIn(event.data.toName ?? event.data.toNames)
  const lender = event.data.onBehalfOf
  const behalf = typeof lender !== 'string' ? '' : english ? ` (on behalf of ${lender})` : `（代 ${lender}）`
  const machine = event.kind === 'job' || event.kind === 'timer' || !event.actor?.name
  const what = [step, word, to && `→ ${to}`].filter(Boolean).join(english ? ': ' : ' ')
  return {
    key: `${event.instanceId}-${event.seq}`,
    at: event.at,
    state: stateOf(event.kind),
    system: machine,
    minor: MINOR.has(event.kind),
    title: machine ? what : `${event.actor?.name}${behalf} ${what}`,
    note: [event.comment, event.reasons.map((one) => [one.field, one.text].filter(Boolean).join(' ')).join('；')]
      .filter(Boolean)
      .join('。'),
  }
}

/** The course of one process: what happened, then whom it waits for. */
export function historyEntries(
  events: readonly HistoryEvent[],
  view: InstanceView | undefined,
  lang: Language,
): (TimelineEntry & { minor: boolean })[] {
  const past = events.flatMap((event) => toEntry(event, lang) ?? [])
  const now = (view?.badges ?? [])
    .filter((badge) => badge.taskIds.length > 0)
    .map((badge) => {
      const step = stepWord(view?.steps.find((one) => one.node === badge.node)?.name ?? badge.node, lang)
      const who = badge.waitingFor.map((one) => one.name).join('、') || roleWords(badge.roles, lang)
      const due = badge.dueAt ? listTime(badge.dueAt, lang) : null
      return {
        key: `now-${badge.node}`,
        state: 'running' as const,
        now: true,
        minor: false,
        title: lang === 'en-US' ? `Waiting for ${who}: ${step}` : `等待 ${who} ${step}`,
        note: due && (lang === 'en-US' ? `by ${due}` : `${due} 前`),
      }
    })
  return [...past, ...now]
}
