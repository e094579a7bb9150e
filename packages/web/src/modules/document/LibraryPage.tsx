import './document.css'
import type { LibraryDocument } from '@changbai/contract/document.ts'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { ask, call, callWithFile, download } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { addDays, listTime, longDay, today } from '../../shared/time.ts'
import {
  Button,
  DayField,
  DecisionDialog,
  EmptyState,
  Evidence,
  Field,
  Loaded,
  PageTitle,
  ProblemAlert,
  SelectField,
  Sheet,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { documentText } from './documentText.ts'
import { More } from './More.tsx'

const KINDS: readonly LibraryDocument['kind'][] = ['MANUAL', 'REGULATION', 'CONTRACT', 'RECORD', 'OTHER']

/** Documents with all their versions, and what was packed for the archive. */
export function LibraryPage() {
  const t = useText(documentText)
  const may = useMay()
  const [adding, setAdding] = useState(false)
  const query = useInfiniteQuery({
    queryKey: ['document.library', {}],
    queryFn: ({ pageParam, signal }) => call('document.library', { limit: 30, ...(pageParam && { after: pageParam }) }, { signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
  return (
    <div className="page">
      <PageTitle
        title={t('library')}
        sentence={t('librarySentence')}
        acts={
          may('document.write:C') && (
            <Button kind="primary" onClick={() => setAdding(true)}>
              {t('addDocument')}
            </Button>
          )
        }
      />
      <div className="stack">
        <Sheet flush>
          <More query={query} empty={<EmptyState title={t('noDocuments')}>{t('noDocumentsHelp')}</EmptyState>}>
            {(one) => <DocumentLine key={one.id} one={one} />}
          </More>
        </Sheet>
        <Archives />
      </div>
      {adding && <AddDocument onClose={() => setAdding(false)} />}
    </div>
  )
}

function DocumentLine({ one }: { one: LibraryDocument }) {
  const t = useText(documentText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [doing, setDoing] = useState<'VERSION' | 'RETIRE' | null>(null)
  const writes = may('document.write:C') && !one.retiredAt
  const [latest, ...older] = [...one.versions].sort((a, b) => b.version - a.version)
  const line = (version: LibraryDocument['versions'][number]) => (
    <div key={version.version} className="row wrap apart">
      <span className="grow second">
        {`${t('version', { n: version.version })} · ${version.fileName} · ${version.byName} ${listTime(version.at, lang)}`}
        {version.note && ` · ${version.note}`}
      </span>
      <Evidence digest={version.digest.value} algorithm={version.digest.algorithm} />
      <Button
        size="small"
        busy={act.busy}
        onClick={() => void act.run(() => download('document.exportDocument', { documentId: one.id, version: version.version }))}
      >
        {t('exportVersion')}
      </Button>
    </div>
  )
  return (
    <li>
      <div className="row wrap apart">
        <span className="grow">
          <b>{one.title}</b> <span className="note">{`${t(one.kind)} · ${t('kept', { on: longDay(one.keepUntil, lang) })}`}</span>
        </span>
        <Status state={one.retiredAt ? 'none' : 'kept'} quiet>
          {one.retiredAt ? t('retired', { at: listTime(one.retiredAt, lang) }) : t('inUse')}
        </Status>
        {writes && (
          <>
            <Button size="small" onClick={() => setDoing('VERSION')}>
              {t('addVersion')}
            </Button>
            {one.keepUntil <= today() && (
              <Button size="small" onClick={() => setDoing('RETIRE')}>
                {t('retire')}
              </Button>
            )}
          </>
        )}
      </div>
      {latest && line(latest)}
      {older.length > 0 && (
        <details>
          <summary className="note">{t('olderVersions', { count: older.length })}</summary>
          {older.map(line)}
        </details>
      )}
      <ProblemAlert error={act.error} />
      {doing === 'VERSION' && <AddVersion one={one} onClose={() => setDoing(null)} />}
      {doing === 'RETIRE' && (
        <DecisionDialog
          title={t('retireTitle', { title: one.title })}
          verb={t('retire')}
          act={() => act.runOrThrow(() => call('document.retire', { documentId: one.id }))}
          onClose={() => setDoing(null)}
        >
          <p>{t('retireHelp')}</p>
        </DecisionDialog>
      )}
    </li>
  )
}

/** The file is sent when the dialog is confirmed, so a dialog that is closed leaves nothing behind. */
function FileField({ file, onChange }: { file: File | null; onChange: (file: File) => void }) {
  const t = useText(documentText)
  const picker = useRef<HTMLInputElement>(null)
  return (
    <Field label={t('file')}>
      {({ id }) => (
        <div className="row wrap">
          <Button onClick={() => picker.current?.click()}>{t('pick')}</Button>
          <span className="second">{file?.name ?? '—'}</span>
          <input
            id={id}
            ref={picker}
            type="file"
            hidden
            onChange={(event) => {
              const chosen = event.target.files?.[0]
              if (chosen) onChange(chosen)
            }}
          />
        </div>
      )}
    </Field>
  )
}
const upload = async (file: File): Promise<string> => (await callWithFile('file.upload', { purpose: 'document' }, file)).id

function AddDocument({ onClose }: { onClose: () => void }) {
  const t = useText(documentText)
  const act = useAct()
  const [title, setTitle] = useState('')
  const [kind, setKind] = useState<LibraryDocument['kind']>('MANUAL')
  const [keepUntil, setKeepUntil] = useState(addDays(today(), 3 * 365))
  const [note, setNote] = useState('')
  const [file, setFile] = useState<File | null>(null)
  return (
    <DecisionDialog
      title={t('addDocument')}
      verb={t('addDocument')}
      ready={title.trim() !== '' && keepUntil !== '' && file !== null}
      act={async () => {
        if (!file) return
        const fileId = await upload(file)
        await act.runOrThrow(() => call('document.addDocument', { title, kind, keepUntil, fileId, note }))
      }}
      onClose={onClose}
    >
      <FileField
        file={file}
        onChange={(chosen) => {
          setFile(chosen)
          if (title === '') setTitle(chosen.name.replace(/\.[^.]*$/, ''))
        }}
      />
      <TextField label={t('title')} value={title} onChange={setTitle} maxLength={200} />
      <SelectField
        label={t('kind')}
        value={kind}
        onChange={(value) => setKind((KINDS.find((one) => one === value) ?? 'OTHER') as LibraryDocument['kind'])}
        options={KINDS.map((one) => [one, t(one)] as const)}
      />
      <DayField label={t('keepUntil')} value={keepUntil} onChange={setKeepUntil} min={today()} />
      <TextField label={t('note')} optional value={note} onChange={setNote} maxLength={500} />
    </DecisionDialog>
  )
}

function AddVersion({ one, onClose }: { one: LibraryDocument; onClose: () => void }) {
  const t = useText(documentText)
  const act = useAct()
  const [file, setFile] = useState<File | null>(null)
  return (
    <DecisionDialog
      title={`${t('addVersion')} · ${one.title}`}
      verb={t('addVersion')}
      ready={file !== null}
      reason={{ label: t('note') }}
      act={async (note) => {
        if (!file) return
        const fileId = await upload(file)
        await act.runOrThrow(() => call('document.addVersion', { documentId: one.id, fileId, note }))
      }}
      onClose={onClose}
    >
      <FileField file={file} onChange={setFile} />
    </DecisionDialog>
  )
}

function Archives() {
  const t = useText(documentText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const query = useQuery(ask('document.archives', {}))
  const [packing, setPacking] = useState(false)
  const [year, setYear] = useState(String(Number(today().slice(0, 4)) - 1))
  return (
    <Sheet
      flush
      title={t('archives')}
      note={<span className="note">{t('archivesNote')}</span>}
      acts={
        may('document.write:C') && (
          <Button size="small" onClick={() => setPacking(true)}>
            {t('pack')}
          </Button>
        )
      }
    >
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="second sheet-line">{t('noArchives')}</p>
          ) : (
            <ul className="list">
              {items.map((one) => (
                <li key={one.id} className="row wrap apart">
                  <b className="grow">{one.year}</b>
                  <span className="second">{t('packed', { n: one.files, name: one.byName, at: listTime(one.at, lang) })}</span>
                  <Evidence digest={one.digest.value} algorithm={one.digest.algorithm} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {packing && (
        <DecisionDialog
          title={t('packTitle')}
          verb={t('pack')}
          ready={/^\d{4}$/.test(year)}
          act={() => act.runOrThrow(() => download('document.archive', { year: Number(year) }))}
          onClose={() => setPacking(false)}
        >
          <TextField label={t('year')} value={year} onChange={setYear} inputMode="numeric" maxLength={4} />
        </DecisionDialog>
      )}
    </Sheet>
  )
}
