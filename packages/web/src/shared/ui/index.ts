/**
 * The parts pages are made of. How a page is composed:
 *
 *   modules/<noun>/index.ts      the module's face: exports its page components, nothing else. The router loads it lazily as one chunk.
 *   modules/<noun>/<noun>Text.ts `export const xText = defineText('x', zh, en)`; in a page `const t = useText(xText)`; `t('key', { n: 3 })`.
 *   modules/<noun>/XPage.tsx     composes: `useQuery(ask('module.endpoint', input))` + parts from here; never fetches by hand, computes no contractual number.
 *   app/router.tsx               one line per page: `page('/requests/$requestId', () => import('../modules/request/index.ts'), 'RequestPage')`
 *   app/areas.ts                 one line per page of an area's list, with the capabilities that show it.
 *   shared/api.ts                one line per contract file (type only: no zod in the first view; forms that validate import schemas in their own chunk).
 *
 *   <div className="page">
 *     <PageTitle title sentence acts={<Button kind="primary">…</Button>} />
 *     <div className="split">          left the thing, right 400 px time
 *       <div className="stack"> <Sheet title>…</Sheet> </div>
 *       <div className="stack"> <Sheet><DayScale/></Sheet> <Sheet><Timeline/></Sheet> </div>
 *     </div>
 *   </div>
 *
 * Lists: DataTable. One fetched thing: <Loaded query={useQuery(ask(..))}>{(data) => …}</Loaded>. Commands: `call('module.endpoint', input)` inside
 * useMutation or useAct (busy, error, invalidation), errors in <ProblemAlert error={…}/>. An act that needs a reason: DecisionDialog.
 * Forms: TextField, SelectField, LongField, FormSection. Colours are CSS variables of the palette (--lake, --kept …), never hex.
 */

export { useAct } from './act.ts'
export { Button, ButtonLink } from './Button.tsx'
export { Contact } from './Contact.tsx'
export { DayScale } from './DayScale.tsx'
export { Deadline, type DeadlineProps, Progress } from './Deadline.tsx'
export { DecisionDialog } from './DecisionDialog.tsx'
export { Dialog, Menu, Segments, Tabs } from './Dialog.tsx'
export { EmptyState } from './EmptyState.tsx'
export { Check, Field, FormSection, LongField, SelectField, TextField } from './Field.tsx'
export { Failed, Loaded, Skeleton } from './Loaded.tsx'
export { ClauseChip, Evidence } from './Marks.tsx'
export { DayField, MinuteField, PersonField, QrPicture, TenantField } from './PickerFields.tsx'
export { ProblemAlert } from './ProblemAlert.tsx'
export { Facts, PageTitle, Sheet } from './Sheet.tsx'
export { RedLine, type State, Status, StatusGlyph } from './StatusGlyph.tsx'
export { Timeline, type TimelineEntry } from './Timeline.tsx'
export { DataTable } from './table/DataTable.tsx'
export type { Column, DataTableProps, FilterChoice, ListInput, Page, View } from './table/types.ts'
