import type { AdoptableProject, Adoption } from '@changbai/contract/inventory.adoption.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../../shared/call.ts'
import { useMay } from '../../../shared/session.ts'
import { useLanguage, useText } from '../../../shared/text.ts'
import { listTime } from '../../../shared/time.ts'
import { Button, type Column, DataTable, Loaded, PageTitle, ProblemAlert, Sheet, Status, useAct } from '../../../shared/ui/index.ts'
import { AdoptionSheet } from './AdoptionSheet.tsx'
import { adoptionText } from './adoptionText.ts'
import { adoptionStates, countsWord } from './adoptionWords.ts'
import { ProposeAdoption } from './ProposeAdoption.tsx'

function Projects({ items, propose }: { items: readonly AdoptableProject[]; propose: (project: AdoptableProject) => void }) {
  const t = useText(adoptionText)
  return (
    <Sheet title={t('waiting')} flush>
      <ul className="list">
        {items.map((project) => (
          <li key={`${project.connectionId} ${project.projectId}`} className="row wrap apart">
            <div className="grow-line">
              <b>{project.projectName || project.cloud}</b> {project.projectName !== '' && <span className="note">{project.cloud}</span>}
              <div className="second">{countsWord(t, project.counts)}</div>
              <div className="note">
                {project.suggestion
                  ? `${project.suggestion.tenantName} · ${project.suggestion.name} (${t(`why${project.suggestion.why}`)})`
                  : t('nobody')}
              </div>
            </div>
            <Button size="small" onClick={() => propose(project)}>
              {t('propose')}
            </Button>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

/** Each for itself, as proposed; what is refused says why. */
function ConfirmMany({ rows, clear }: { rows: Adoption[]; clear: () => void }) {
  const t = useText(adoptionText)
  const act = useAct()
  const [said, setSaid] = useState<string[]>([])
  const mine = rows.filter((row) => row.may.includes('CONFIRM'))
  const confirm = () =>
    act.run(async () => {
      const { confirmed, refused } = await call('adoption.confirmMany', { adoptionIds: mine.map(({ id }) => id) })
      const numberOf = (id: string) => mine.find((row) => row.id === id)?.number ?? ''
      setSaid([t('done', { count: confirmed }), ...refused.map((one) => `${numberOf(one.adoptionId)}: ${one.message}`)])
      if (refused.length === 0) clear()
    })
  return (
    <span className="row wrap">
      <Button size="small" kind="primary" disabled={mine.length === 0} busy={act.busy} onClick={() => void confirm()}>
        {t('confirmMany', { count: mine.length })}
      </Button>
      <ProblemAlert error={act.error} />
      {said.map((one) => (
        <span key={one} className="note">
          {one}
        </span>
      ))}
    </span>
  )
}

/** What ran before us: what is left for those who run the cloud, what is to be confirmed for its bureau. */
export function AdoptionsPage() {
  const t = useText(adoptionText)
  const lang = useLanguage()
  const may = useMay()
  const navigate = useNavigate()
  const mayPropose = may('inventory.adopt:C')
  const projects = useQuery({ ...ask('adoption.projects', {}), enabled: mayPropose })
  const [proposing, setProposing] = useState<AdoptableProject | null>(null)
  const left = projects.data?.left ?? 0
  const sentence = !mayPropose ? t('sentenceBureau') : projects.data && (left > 0 ? t('sentence', { count: left }) : t('sentenceNone'))
  const columns: Column<Adoption>[] = [
    {
      key: 'number',
      title: t('number'),
      kind: 'id',
      cell: (row) => (
        <Link to="/cloud/adoptions/$id" params={{ id: row.id }}>
          {row.number}
        </Link>
      ),
    },
    { key: 'application', title: t('application'), kind: 'name', cell: (row) => row.name },
    { key: 'bureau', title: t('bureau'), cell: (row) => row.tenantName },
    { key: 'resources', title: t('resources'), cell: (row) => countsWord(t, row.counts) },
    { key: 'state', title: t('state'), cell: (row) => <Status state={adoptionStates[row.state]}>{t(row.state)}</Status> },
    { key: 'proposed', title: t('proposed'), cell: (row) => `${row.proposedBy} ${listTime(row.proposedAt, lang)}` },
    { key: 'admissionNo', title: t('admissionNo'), extra: true, cell: (row) => row.admissionNo ?? '—' },
  ]
  return (
    <div className="page">
      <PageTitle title={t('title')} sentence={sentence} />
      <div className="stack">
        {mayPropose && (
          <Loaded query={projects}>{({ items }) => items.length > 0 && <Projects items={items} propose={setProposing} />}</Loaded>
        )}
        <DataTable
          name="adoptions"
          what={t('noun')}
          ask={(input) => ask('adoption.adoptions', input as never)}
          columns={columns}
          rowKey={(row) => row.id}
          open={(row) => void navigate({ to: '/cloud/adoptions/$id', params: { id: row.id } })}
          filters={[
            {
              key: 'state',
              label: t('state'),
              options: (Object.keys(adoptionStates) as Adoption['state'][]).map((state) => [state, t(state)] as const),
            },
          ]}
          {...(may('inventory.adopt:A') && {
            selection: (rows: Adoption[], clear: () => void) => <ConfirmMany rows={rows} clear={clear} />,
          })}
          firstUse={{ title: t('first'), ...(mayPropose ? { help: t('firstHelp') } : {}) }}
          phone={(row) => ({
            title: row.name,
            right: <span className="mono second">{row.number}</span>,
            below: `${row.tenantName} · ${countsWord(t, row.counts)}`,
            belowRight: <Status state={adoptionStates[row.state]}>{t(row.state)}</Status>,
          })}
        />
        {mayPropose && <AdoptionSheet />}
      </div>
      {proposing && <ProposeAdoption project={proposing} onClose={() => setProposing(null)} />}
    </div>
  )
}
