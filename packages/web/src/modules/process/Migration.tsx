import type { MigrationLine } from '@changbai/contract/process.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { Check, DecisionDialog, Failed, Skeleton, Status, useAct } from '../../shared/ui/index.ts'
import { definitionText } from './definitionText.ts'

type Line = typeof MigrationLine._output

/**
 * Moves what is under way to another version, after a trial run that changes nothing: each matter with whether it can go and, if not, which
 * step has no counterpart. Those that cannot go finish by their own version.
 */
export function MigrationDialog({
  definitionKey,
  toVersion,
  xml,
  onClose,
}: {
  definitionKey: string
  toVersion: number
  /** The definition on screen: names of the steps things wait at. */
  xml: string
  onClose(): void
}) {
  const say = useText(definitionText)
  const act = useAct()
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set())
  const trial = useQuery({
    queryKey: ['process.migrationPreview', definitionKey, toVersion],
    queryFn: () => call('process.migrationPreview', { key: definitionKey, toVersion }),
    staleTime: 0,
  })
  const movable = (trial.data?.lines ?? []).filter((line) => line.ok)
  const chosen = movable.filter((line) => !kept.has(line.instanceId))
  const toggle = (id: string): void =>
    setKept((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]))
  return (
    <DecisionDialog
      wide
      title={say('migrateTitle', { n: toVersion })}
      verb={say('migrateVerb', { count: chosen.length })}
      reason={{ label: say('migrateReason') }}
      ready={chosen.length > 0}
      act={(comment) =>
        act.runOrThrow(() =>
          call('process.migrate', { key: definitionKey, toVersion, instanceIds: chosen.map((line) => line.instanceId), comment }),
        )
      }
      onClose={onClose}
    >
      <p>{say('migrateHelp')}</p>
      {trial.error ? (
        <Failed error={trial.error} retry={() => void trial.refetch()} />
      ) : trial.data ? (
        <TrialTable lines={trial.data.lines} kept={kept} toggle={toggle} nameOf={namesIn(xml)} />
      ) : (
        <Skeleton rows={4} />
      )}
    </DecisionDialog>
  )
}

const namesIn = (xml: string): ((node: string) => string) => {
  const file = new DOMParser().parseFromString(xml, 'application/xml')
  const names = new Map([...file.querySelectorAll('[id][name]')].map((one) => [one.getAttribute('id'), one.getAttribute('name')]))
  return (node) => names.get(node) || node
}

interface TrialProps {
  lines: readonly Line[]
  kept: ReadonlySet<string>
  toggle(id: string): void
  nameOf(node: string): string
}

function TrialTable({ lines, kept, toggle, nameOf }: TrialProps) {
  const say = useText(definitionText)
  const lang = useLanguage()
  if (lines.length === 0) return <p className="second">{say('nothingToMove')}</p>
  return (
    <div className="grid-scroll">
      <table className="grid">
        <thead>
          <tr>
            <th>{say('matter')}</th>
            <th className="num">{say('fromVersion')}</th>
            <th>{say('stuck')}</th>
            <th>{say('trialResult')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.instanceId}>
              <td>
                {line.ok ? (
                  <Check checked={!kept.has(line.instanceId)} onChange={() => toggle(line.instanceId)}>
                    {line.title}
                  </Check>
                ) : (
                  line.title
                )}
              </td>
              <td className="num">{line.fromVersion}</td>
              <td>{line.tokens.map((token) => stepWord(nameOf(token.node), lang)).join('、')}</td>
              <td>
                {line.ok ? (
                  <Status state="kept">{say('canMove')}</Status>
                ) : (
                  <Status state="none">
                    {line.tokens
                      .filter((token) => !token.ok)
                      .map((token) => token.reason)
                      .join('；') || say('cannotMove')}
                  </Status>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
