import { parseArgs } from 'node:util'
import { assessServer, measure, type PeakRule, type ReclaimRule, readSeries, SeriesError } from '../../modules/reclaim/offline.ts'
import { type Command, languageOf, printJson, readInput, shippedPlan, UsageError } from './command.ts'
import { parameterOfPlan } from './plan-parameters.ts'

const DAYS_BY_DEFAULT = 14

const usage = `usage: changbai reclaim assess --cpu FILE.csv [--memory FILE.csv] [--network FILE.csv] [--disk-io FILE.csv]
         [--connections FILE.csv] [--window-days ${DAYS_BY_DEFAULT}] [--plan DIR] [--lang zh|en] [--json]

Is a server idle, too large, or to be kept, by the plan's rules. Files hold rows timestamp,value in any order, with or without a head;
an instant without a zone is Asia/Shanghai, a bare number is seconds (or milliseconds) since 1970, a row without a value is a gap.
Each file's window ends at its last row.
  --cpu, --memory       percent; judged by the greatest five-minute average
  --network, --disk-io  bytes of each period; the network by the greatest sum of a day (MB of 1,000,000 bytes)
  --connections         how many there were
  --window-days         days that are looked at
  --plan                folder whose plan says the rules; the installation's own by default
Prints {"cpuPeak":percent,"coverage":0..1,"verdict":"...","reason":"..."}, with and without --json.
Verdicts: IDLE, RIGHT_SIZE, KEEP, NO_CONCLUSION (measured for less than the plan demands).`

const files = ['cpu', 'memory', 'network', 'disk-io', 'connections'] as const

function seriesOf(file: string) {
  try {
    return readSeries(readInput(file))
  } catch (error) {
    if (error instanceof SeriesError) throw new UsageError(`${file}: ${error.message}`)
    throw error
  }
}

export const command: Command = {
  usage,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        cpu: { type: 'string' },
        memory: { type: 'string' },
        network: { type: 'string' },
        'disk-io': { type: 'string' },
        connections: { type: 'string' },
        'window-days': { type: 'string', default: String(DAYS_BY_DEFAULT) },
        plan: { type: 'string' },
        lang: { type: 'string', default: 'zh' },
        json: { type: 'boolean', default: false },
      },
    })
    const [verb, ...rest] = positionals
    if (verb !== 'assess' || rest.length > 0) throw new UsageError('reclaim knows one thing: assess')
    if (values.cpu === undefined) throw new UsageError('--cpu is missing')
    const language = languageOf(values.lang)
    const days = Number(values['window-days'])
    if (!/^\d{1,3}$/.test(values['window-days']) || days < 1 || days > 366)
      throw new UsageError(`--window-days is a whole number from 1 to 366, not ${JSON.stringify(values['window-days'])}`)

    const folder = values.plan ?? shippedPlan()
    const peakRule = (await parameterOfPlan(folder, 'reclaim.peak')).value as PeakRule
    const rules = (await parameterOfPlan(folder, 'reclaim.rules')).value as ReclaimRule[]
    const measured = new Map(
      files.flatMap((name) => {
        const file = values[name]
        return file === undefined ? [] : [[name, measure(seriesOf(file), days, peakRule)] as const]
      }),
    )
    const cpu = measured.get('cpu')
    if (!cpu) throw new UsageError('--cpu is missing')
    const { verdict, reason } = assessServer(
      {
        cpu,
        memory: measured.get('memory'),
        network: measured.get('network'),
        diskIo: measured.get('disk-io'),
        connections: measured.get('connections'),
      },
      rules,
      peakRule.coveragePercent,
    )
    // to the sixth decimal: what lies behind is noise of the division
    const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toFixed(6)))
    printJson({ cpuPeak: rounded(cpu.peak), coverage: rounded(cpu.coverage), verdict, reason: reason[language] })
    return 0
  },
}
