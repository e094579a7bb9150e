import { MatterKind, MatterStatus, matterKindNames, matterStatusNames } from '@changbai/contract/forms.ts'
import type { Say } from '../../shared/text.ts'
import type { FilterChoice, View } from '../../shared/ui/index.ts'
import type { requestText } from './requestText.ts'

type Key = typeof requestText extends { keys?: infer K } ? NonNullable<K> & string : never

const ENDED = ['CLOSED', 'REJECTED', 'WITHDRAWN', 'CANCELLED', 'EXPIRED']
const OPEN = MatterStatus.options.filter((status) => !ENDED.includes(status))

/** Conditions that admissions and requests have in common. */
export const matterFilters = (say: Say<Key>, pick: (both: { zh: string; en: string }) => string): FilterChoice[] => [
  { key: 'status', label: say('status'), options: MatterStatus.options.map((code) => [code, pick(matterStatusNames[code])] as const) },
  { key: 'kind', label: say('kind'), options: MatterKind.options.map((code) => [code, pick(matterKindNames[code])] as const) },
]
export const matterViews = (say: Say<Key>): View[] => [
  { key: 'all', label: say('all'), filters: {} },
  { key: 'open', label: say('inWork'), filters: { status: OPEN.join(',') } },
  { key: 'ended', label: say('archived'), filters: { status: ENDED.join(',') } },
]
