import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { spanOf } from '../plan/domain/span-of.ts'
import { quickParameters } from '../plan/quick-parameters.ts'
import { checkDefinition, playDefinition, readPlayScript } from '../process/offline.ts'

const PLAN = resolve(import.meta.dirname, '../../../../../plan/jilin')
const parameters = quickParameters(PLAN)
const parameter = (key: string): string | undefined => {
  const found = parameters?.(key)
  return found && spanOf(found, found.value)
}
const xmlOf = (key: string): string => readFileSync(join(PLAN, 'processes', `${key}.bpmn`), 'utf8')

/** `step:OUTCOME` completes a step, `+P7D` lets time pass, `!message` sends one, `-service:CODE` lets a service fail. */
async function play(key: string, text: string, start?: Record<string, unknown>) {
  const steps = text
    .trim()
    .split(/\s+/)
    .map((word) => {
      if (word.startsWith('+')) return { advance: word.slice(1) }
      if (word.startsWith('!')) return { message: word.slice(1), key: 'play' }
      const [id = '', detail] = word.replace(/^-/, '').split(':')
      return word.startsWith('-') ? { fail: id, error: detail } : { complete: id, ...(detail ? { outcome: detail } : {}) }
    })
  const script = readPlayScript([...(start ? [{ start }] : []), ...(text === '' ? [] : steps)])
  const played = await playDefinition(xmlOf(key), script, { key, parameter, language: 'en-US' })
  if ('findings' in played || played.problem) throw new Error(JSON.stringify(played))
  return { ...played, end: played.trace.at(-1) }
}

const keys = ['server-reclaim', 'storage-reclaim']
test.each(keys)('%s is sound and drawn', async (key) => {
  expect(await checkDefinition(xmlOf(key), { key, parameter })).toEqual({ ok: true, findings: [] })
})

const WRITE = 'buildAnalysisReport:SUBMIT'
const STORAGE = 'buildStorageReport:SUBMIT'
const REPORT: Record<string, string> = { 'server-reclaim': WRITE, 'storage-reclaim': STORAGE }
const ASSESS: Record<string, string> = { 'server-reclaim': 'assessReport', 'storage-reclaim': 'assessStorageReport' }
const RELEASE: Record<string, string> = { 'server-reclaim': 'RELEASE', 'storage-reclaim': 'RELEASE_VOLUME' }

describe("[4.5.1-1] [4.5.1-2] [4.5.1-3] every end of a server's reclaim", () => {
  test.each([
    ['released', 'assessReport:RELEASE tenantConfirm:CONFIRM declareData:AGREE +P7D', 'endReleased'],
    ['shrunk', 'assessReport:CLUSTER_SHRINK tenantConfirm:CONFIRM declareData:AGREE +P7D', 'endShrunk'],
    ['replaced', 'assessReport:RIGHT_SIZE tenantConfirm:CONFIRM replaceServer:DONE', 'endRightSized'],
    [
      'replaced after silence, confirmed a second time',
      'assessReport:RIGHT_SIZE +P30D reassess:CONFIRM replaceServer:DONE',
      'endRightSized',
    ],
    ['kept after silence', 'assessReport:RIGHT_SIZE +P30D reassess:KEEP', 'endKept'],
    ['kept by the assessment', 'assessReport:KEEP', 'endKept'],
    ['kept by the ruling', 'assessReport:RELEASE tenantConfirm:OBJECT arbitrate:KEEP', 'endKept'],
    ['replaced by the ruling', 'assessReport:RELEASE tenantConfirm:OBJECT arbitrate:RIGHT_SIZE replaceServer:DONE', 'endRightSized'],
    [
      'released by the ruling, data signed away',
      'assessReport:RELEASE tenantConfirm:OBJECT arbitrate:RELEASE declareData:AGREE +P7D',
      'endReleased',
    ],
  ])('%s', async (_, steps, end) => expect(await play('server-reclaim', `${WRITE} ${steps}`)).toMatchObject({ state: 'completed', end }))

  test('exempt from the start', async () => {
    expect(await play('server-reclaim', '', { excluded: true })).toMatchObject({ state: 'completed', end: 'endCancelled' })
  })
  test('a cluster goes node by node, each with its backup, signature and cooling-off', async () => {
    const script = readPlayScript([
      { start: { moreNodes: true } },
      { complete: 'buildAnalysisReport' },
      { complete: 'assessReport', outcome: 'CLUSTER_SHRINK' },
      { complete: 'tenantConfirm', outcome: 'CONFIRM' },
      { complete: 'declareData', outcome: 'AGREE' },
      { advance: 'P7D' },
      { complete: 'declareData', outcome: 'AGREE', data: { moreNodes: false } },
      { advance: 'P7D' },
    ])
    const played = await playDefinition(xmlOf('server-reclaim'), script, { key: 'server-reclaim', parameter })
    expect(played).toMatchObject({ state: 'completed' })
    expect('trace' in played && played.trace.filter((id) => id === 'backupBeforeRelease')).toHaveLength(2)
  })
  test('a physical server is wiped by people', async () => {
    const steps = `${WRITE} assessReport:RELEASE tenantConfirm:CONFIRM declareData:AGREE +P7D manualRelease:DONE`
    const played = await play('server-reclaim', steps, { physical: true })
    expect(played.end).toBe('endReleased')
    expect(played.trace).not.toContain('releaseAndSanitize')
  })
})

describe("[4.5.1-4] every end of a volume's reclaim", () => {
  test.each([
    ['released', 'assessStorageReport:RELEASE_VOLUME tenantConfirm:CONFIRM declareData:AGREE +P15D', 'endReleased'],
    [
      'replaced by a smaller one, the old one released',
      'assessStorageReport:SHRINK tenantConfirm:CONFIRM changeVolume:DONE declareData:AGREE +P15D',
      'endShrunk',
    ],
    ['moved to a lower tier', 'assessStorageReport:TIER_DOWN tenantConfirm:CONFIRM changeVolume:DONE', 'endTiered'],
    [
      'moved to a lower tier after silence, confirmed a second time',
      'assessStorageReport:TIER_DOWN +P30D reassess:CONFIRM changeVolume:DONE',
      'endTiered',
    ],
    ['kept by the assessment', 'assessStorageReport:KEEP', 'endKept'],
    ['kept by the ruling', 'assessStorageReport:RELEASE_VOLUME tenantConfirm:OBJECT arbitrate:KEEP', 'endKept'],
    [
      'released by the ruling',
      'assessStorageReport:RELEASE_VOLUME tenantConfirm:OBJECT arbitrate:RELEASE declareData:AGREE +P15D',
      'endReleased',
    ],
  ])('%s', async (_, steps, end) => expect(await play('storage-reclaim', `${STORAGE} ${steps}`)).toMatchObject({ state: 'completed', end }))

  test('exempt from the start', async () => {
    expect(await play('storage-reclaim', '', { excluded: true })).toMatchObject({ state: 'completed', end: 'endCancelled' })
  })
})

describe.each(keys)('%s: nothing is reclaimed without consent', (key) => {
  const begin = `${REPORT[key]} ${ASSESS[key]}:${RELEASE[key]}`
  const days = key === 'server-reclaim' ? 7 : 15
  const done = key === 'server-reclaim' ? 'releaseAndSanitize' : 'freezeAndDelete'

  test('reminded on the fifth and the eighth day, then the customer coordinates; silence releases nothing', async () => {
    const fifth = await play(key, `${begin} +P8D`)
    expect(fifth.trace.filter((id) => id === 'remindTenant')).toHaveLength(1)
    expect(fifth.trace).not.toContain('remindTenantAgain')
    expect(fifth.waiting).toEqual(['tenantConfirm'])
    const silent = await play(key, `${begin} +P60D`)
    expect(silent.trace).toContain('remindTenantAgain')
    expect(silent.waiting).toEqual(['coordinate'])
    expect(silent.trace).not.toContain(done)
  })
  test('coordination asks once more, or goes to the ruling', async () => {
    expect((await play(key, `${begin} +P30D coordinate:ASK_AGAIN`)).waiting).toEqual(['tenantConfirm'])
    expect((await play(key, `${begin} +P30D coordinate:ARBITRATE`)).waiting).toEqual(['arbitrate'])
  })
  test('even a ruling needs the signature for the data', async () => {
    const ruled = `${begin} tenantConfirm:OBJECT arbitrate:RELEASE`
    expect((await play(key, `${ruled} +P90D`)).waiting).toEqual(['declareData'])
    expect((await play(key, `${ruled} declareData:REFUSE`)).waiting).toEqual(['arbitrate'])
  })
  test('any time before the cooling-off ends it can be had back, and is assessed anew', async () => {
    const cooling = `${begin} tenantConfirm:CONFIRM declareData:AGREE`
    expect((await play(key, `${cooling} +P${days - 1}D`)).waiting).toEqual(['coolDown'])
    const back = await play(key, `${cooling} +P${days - 1}D !reclaim.recovered +P60D`)
    expect(back.waiting).toEqual([ASSESS[key]])
    expect(back.trace).toContain('restore')
    expect(back.trace).not.toContain(done)
  })
  test('what the cloud cannot do, people do: backup, stop, release', async () => {
    const [backup, stop] = key === 'server-reclaim' ? ['backupBeforeRelease', 'stopServer'] : ['backupVolume', 'freezeVolume']
    const steps = `-${backup}:FAILED ${begin} tenantConfirm:CONFIRM manualBackup:DONE -${stop}:FAILED declareData:AGREE manualStop:DONE -${done}:FAILED +P${days}D manualRelease:DONE`
    expect(await play(key, steps)).toMatchObject({ state: 'completed', end: 'endReleased' })
  })
})
