import type { Parameter, ParameterValue } from '@changbai/contract/plan.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { addDays, shortDay, today } from '../../shared/time.ts'
import {
  Button,
  Check,
  ClauseChip,
  DayField,
  DecisionDialog,
  Facts,
  Loaded,
  LongField,
  PageTitle,
  Sheet,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { ChangeLine } from './ChangeLine.tsx'
import { planText } from './planText.ts'
import { StructureValue } from './StructureValue.tsx'
import { wordDifferences, wordValue } from './structure.ts'
import { wordSource } from './values.ts'

/** Reads what was typed as the kind of the parameter; undefined when it cannot be. */
function readValue(kind: Parameter['kind'], typed: string): ParameterValue | undefined {
  if (kind === 'NUMBER') return typed.trim() !== '' && Number.isFinite(Number(typed)) ? Number(typed) : undefined
  if (kind === 'FLAG') return typed === 'true'
  if (kind === 'TEXT' || kind === 'DURATION') return typed.trim() || undefined
  try {
    return JSON.parse(typed) as ParameterValue
  } catch {
    return undefined
  }
}
const typedOf = (parameter: Parameter): string =>
  parameter.kind === 'STRUCTURE' ? JSON.stringify(parameter.value, null, 2) : String(parameter.value)

function ProposeChange({ parameter, onClose }: { parameter: Parameter; onClose: () => void }) {
  const t = useText(planText)
  const lang = useLanguage()
  const refresh = useAct()
  const [typed, setTyped] = useState(typedOf(parameter))
  const [startsOn, setStartsOn] = useState(addDays(today(), 1))
  const value = readValue(parameter.kind, typed)
  const error = value === undefined ? t(parameter.kind === 'NUMBER' ? 'numberBad' : 'jsonBad') : undefined
  const range = parameter.min !== null && parameter.max !== null ? t('range', { min: parameter.min, max: parameter.max }) : undefined
  return (
    <DecisionDialog
      title={t('proposeTitle', { name: pick(parameter.title, lang) })}
      verb={t('propose')}
      reason={{ label: t('reason') }}
      act={async (reason) => {
        if (value === undefined) throw new Error(error)
        await call('plan.proposeChange', { key: parameter.key, value, startsOn, reason })
        await refresh.run(async () => {})
      }}
      onClose={onClose}
    >
      {parameter.kind === 'FLAG' ? (
        <Check checked={typed === 'true'} onChange={(on) => setTyped(String(on))}>
          {t('newValue')}
        </Check>
      ) : parameter.kind === 'STRUCTURE' ? (
        <>
          <LongField
            label={t('newValue')}
            help={t('jsonHelp')}
            error={error}
            rows={10}
            className="mono"
            value={typed}
            onChange={setTyped}
            spellCheck={false}
          />
          {value !== undefined && <Differences lines={wordDifferences(parameter.value, value, lang)} />}
        </>
      ) : (
        <TextField
          label={t('newValue')}
          help={parameter.kind === 'DURATION' ? t('durationHelp') : range}
          error={error}
          unit={parameter.unit}
          value={typed}
          onChange={setTyped}
          inputMode={parameter.kind === 'NUMBER' ? 'decimal' : 'text'}
        />
      )}
      <DayField label={t('startsOn')} help={t('startsHelp')} min={addDays(today(), 1)} value={startsOn} onChange={setStartsOn} />
    </DecisionDialog>
  )
}

function Differences({ lines }: { lines: readonly string[] }) {
  const t = useText(planText)
  if (lines.length === 0) return <p className="note">{t('sameAsNow')}</p>
  return (
    <div aria-live="polite">
      <p className="note">{t('changesHere')}</p>
      <ul className="plain-list">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  )
}

export function ParameterPage() {
  const t = useText(planText)
  const lang = useLanguage()
  const may = useMay()
  const { key } = useParams({ strict: false }) as { key: string }
  const query = useQuery(ask('plan.parameter', { key }))
  const [open, setOpen] = useState(false)
  return (
    <div className="page">
      <Loaded query={query} rows={8}>
        {(parameter) => (
          <>
            <PageTitle
              title={pick(parameter.title, lang)}
              mark={<span className="clause">{parameter.key}</span>}
              sentence={parameter.note ? pick(parameter.note, lang) : t('parametersSentence')}
              acts={
                may('plan.edit:C') && (
                  <Button kind="primary" onClick={() => setOpen(true)}>
                    {t('propose')}
                  </Button>
                )
              }
            />
            <div className="split">
              <div className="stack">
                <Sheet>
                  <div className="stack">
                    {parameter.kind === 'STRUCTURE' ? (
                      <StructureValue value={parameter.value} unit={parameter.unit} />
                    ) : (
                      <p className="figure">{wordValue(parameter.value, parameter.unit, lang)}</p>
                    )}
                    <Facts
                      items={[
                        [t('since'), parameter.since ? shortDay(parameter.since, lang) : t('initial')],
                        [
                          t('next'),
                          parameter.next &&
                            t('nextFrom', {
                              value: wordValue(parameter.next.value, parameter.unit, lang),
                              on: shortDay(parameter.next.startsOn, lang),
                            }),
                        ],
                        [
                          t('provenance'),
                          parameter.provenance
                            .map((one) => wordSource(t(`provenance${one.kind}`), one.ref))
                            .join(lang === 'en-US' ? '; ' : '；'),
                        ],
                        [
                          t('usedBy'),
                          parameter.clauses.length > 0 && (
                            <span className="row wrap">
                              {parameter.clauses.map((id) => (
                                <ClauseChip key={id} id={id} />
                              ))}
                            </span>
                          ),
                        ],
                      ]}
                    />
                  </div>
                </Sheet>
                <Sheet flush title={t('changes')}>
                  {parameter.changes.length === 0 ? (
                    <p className="second sheet-line">{t('noChanges')}</p>
                  ) : (
                    <ul className="list">
                      {parameter.changes.map((change) => (
                        <ChangeLine key={change.id} change={change} />
                      ))}
                    </ul>
                  )}
                </Sheet>
              </div>
              <Sheet flush title={t('history')}>
                <ul className="list">
                  {parameter.history.map((line) => (
                    <li key={`${line.startsOn}${line.reason}`}>
                      <div className="row apart">
                        <b className="cut">{wordValue(line.value, parameter.unit, lang)}</b>
                        <span className="second nowrap">{line.startsOn ? shortDay(line.startsOn, lang) : t('initial')}</span>
                      </div>
                      <div className="second">{line.startsOn === null ? t('initialBy') : `${line.byName}　${line.reason}`}</div>
                    </li>
                  ))}
                </ul>
              </Sheet>
            </div>
            {open && <ProposeChange parameter={parameter} onClose={() => setOpen(false)} />}
          </>
        )}
      </Loaded>
    </div>
  )
}
