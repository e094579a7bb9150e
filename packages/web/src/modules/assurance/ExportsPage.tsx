import type { ExportRow, ExportState } from '@changbai/contract/exports.ts'
import { useState } from 'react'
import { ask, call, takeExport } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { count, listTime } from '../../shared/time.ts'
import { Button, DataTable, Dialog, Facts, LongField, PageTitle, ProblemAlert, type State, Status, useAct } from '../../shared/ui/index.ts'
import { exportsText } from './exportsText.ts'

const glyphs: Record<ExportState, State> = { TAKEN: 'kept', PENDING: 'todo', APPROVED: 'risk', REFUSED: 'breach', EXPIRED: 'none' }

/** What left the product, for who watches over it; for everybody else, what is theirs. */
export function ExportsPage() {
  const t = useText(exportsText)
  const lang = useLanguage()
  const word = lang === 'zh-CN' ? 'zh' : 'en'
  const all = useMay()('export.read:R')
  const act = useAct()
  const [deciding, setDeciding] = useState<ExportRow | null>(null)
  const acts = (row: ExportRow) =>
    row.mine && row.state === 'APPROVED' ? (
      <Button busy={act.busy} onClick={() => void act.run(() => takeExport(row.path, row.input, row.id))}>
        {t('take')}
      </Button>
    ) : row.mayDecide ? (
      <Button onClick={() => setDeciding(row)}>{t('decide')}</Button>
    ) : null
  return (
    <div className="page">
      <PageTitle title={t(all ? 'exports' : 'mine')} sentence={t(all ? 'allSentence' : 'mineSentence')} />
      <ProblemAlert error={act.error} />
      <DataTable<ExportRow>
        name="exports"
        what={t('noun')}
        ask={({ q: _q, sort: _sort, ...input }) => ask(all ? 'exports.list' : 'exports.mine', input as never)}
        columns={[
          { key: 'number', title: t('number'), kind: 'id', cell: (row) => row.number },
          { key: 'what', title: t('what'), cell: (row) => <span title={row.fileName ?? row.path}>{row.title[word]}</span> },
          { key: 'class', title: t('dataClass'), cell: (row) => t(row.dataClass) },
          { key: 'state', title: t('state'), cell: (row) => <Status state={glyphs[row.state]}>{t(row.state)}</Status> },
          { key: 'by', title: t('by'), cell: (row) => row.byName },
          { key: 'at', title: t('at'), cell: (row) => listTime(row.takenAt ?? row.at, lang) },
          { key: 'rows', title: t('rows'), kind: 'num', cell: (row) => (row.rows === null ? '—' : count(row.rows)) },
          { key: 'decided', title: t('decidedBy'), cell: (row) => row.decidedByName ?? '—' },
          { key: 'acts', title: '', cell: acts },
        ]}
        rowKey={(row) => row.id}
        firstUse={{ title: t('none') }}
        phone={(row) => ({
          title: `${row.title[word]} ${row.number}`,
          right: acts(row) ?? <Status state={glyphs[row.state]}>{t(row.state)}</Status>,
          below: `${row.byName} · ${listTime(row.takenAt ?? row.at, lang)}`,
        })}
      />
      {deciding && <Decide row={deciding} onClose={() => setDeciding(null)} />}
    </div>
  )
}

function Decide({ row, onClose }: { row: ExportRow; onClose: () => void }) {
  const t = useText(exportsText)
  const word = useLanguage() === 'zh-CN' ? 'zh' : 'en'
  const act = useAct()
  const [comment, setComment] = useState('')
  const decide = (approve: boolean) =>
    void act.run(async () => {
      await call('exports.decide', { exportId: row.id, approve, comment })
      onClose()
    })
  return (
    <Dialog
      title={`${row.title[word]} ${row.number}`}
      onClose={onClose}
      foot={
        <>
          <Button busy={act.busy} onClick={() => decide(false)}>
            {t('refuse')}
          </Button>
          <Button kind="primary" busy={act.busy} onClick={() => decide(true)}>
            {t('approve')}
          </Button>
        </>
      }
    >
      <Facts
        items={[
          [t('by'), row.byName],
          [t('reason'), row.reason],
          [t('dataClass'), t(row.dataClass)],
        ]}
      />
      <LongField label={t('comment')} optional value={comment} onChange={setComment} maxLength={500} />
      <ProblemAlert error={act.error} />
    </Dialog>
  )
}
