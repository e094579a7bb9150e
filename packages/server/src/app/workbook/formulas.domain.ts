/** How one clause is counted in the language of spreadsheets. `FROM` and `TO` are the month's first instant and the next month's. */
export interface ClauseFormula {
  clause: string
  due: string
  met: string
  /** In words, beside the figures. */
  says: string
}

const FROM = '$B$1'
const TO = '$B$2'
/** Rows a sheet may have: a month of a busy year; few for days, because formulas look at every pair of rows and days. */
const ROWS = { days: 99, other: 2999 }
const range = (sheet: string, column: string): string => `${sheet}!$${column}$2:$${column}$${sheet === 'days' ? ROWS.days : ROWS.other}`
const days = range('days', 'A')
const isIn = (column: string): string => `(${column}>=${FROM})*(${column}<${TO})`
const daysOfMonth = `SUMPRODUCT(${isIn(days)})`
const [kind, done, ok] = [range('rounds', 'A'), range('rounds', 'B'), range('rounds', 'H')]
/** Days of the month on which at least `n` rounds of the kind count. */
const daysWith = (name: string, n: number): string =>
  `SUMPRODUCT(${isIn(days)}*(COUNTIFS(${kind},"${name}",${ok},1,${done},">="&${days},${done},"<"&${days}+1)>=${n}))`
/** Mondays whose week ends within the month. */
const isMonday = `(${days}<>"")*(WEEKDAY(${days},2)=1)*(${days}+7>${FROM})*(${days}+7<=${TO})`
const weeks = `SUMPRODUCT(${isMonday})`
const weeksWith = (sheet: string, column: string, also = ''): string =>
  `SUMPRODUCT(${isMonday}*(COUNTIFS(${range(sheet, column)},">="&${days},${range(sheet, column)},"<"&${days}+7${also})>=1))`
const incidents = (column: string): string => range('incidents', column)
const clocks = { response: 'D', plan: 'E', solution: 'F' } as const
/** Minutes of the three clocks. */
const clauseClocks = (severity: string, limits: Readonly<Record<keyof typeof clocks, number>>): Pick<ClauseFormula, 'due' | 'met'> => {
  const each = (more: (column: string, dueAt: string) => string): string =>
    (Object.keys(clocks) as (keyof typeof clocks)[])
      .map((clock) => {
        const dueAt = `(${incidents('C')}+${limits[clock]}/1440)`
        return `SUMPRODUCT((${incidents('B')}="${severity}")*${isIn(dueAt)}${more(incidents(clocks[clock]), dueAt)})`
      })
      .join('+')
  // a second of grace: a spreadsheet's instants are fractions of a day
  return { due: each(() => ''), met: each((at, dueAt) => `*(${at}<>"")*(${at}<=${dueAt}+1/86400)`) }
}
/** First working day from a day on. */
const workdayFrom = (day: string): string => `_xlfn.MINIFS(${days},${range('days', 'B')},1,${days},">="&${day})`
const monthDay = (n: number): string => `${workdayFrom(`(${FROM}+${n - 1})`)}+1`
const reportDue = `(${incidents('F')}+1)`

export const formulas: readonly ClauseFormula[] = [
  { clause: '5.4-1', says: '每天有效机房巡检不少于三次的天数', due: daysOfMonth, met: daysWith('FACILITY', 3) },
  { clause: '5.4-2', says: '每天有一次有效平台巡检的天数', due: daysOfMonth, met: daysWith('PLATFORM', 1) },
  { clause: '5.4-3', says: '每天有两次有效租户检测的天数', due: daysOfMonth, met: daysWith('TENANT_SERVICE', 2) },
  { clause: '5.6-1', says: '四组到齐的周例会', due: weeks, met: weeksWith('meetings', 'A', `,${range('meetings', 'B')},4`) },
  { clause: '3.2.2-(3)', says: '开过例会的周', due: weeks, met: weeksWith('meetings', 'A') },
  { clause: '3.2.2-(2)', says: '看板已签阅的周', due: weeks, met: weeksWith('boards', 'A') },
  {
    clause: '5.6-3',
    says: '会后一个工作日下班前存档',
    due: `SUMPRODUCT(${isIn(range('meetings', 'D'))})`,
    met: `SUMPRODUCT(${isIn(range('meetings', 'D'))}*(${range('meetings', 'C')}<>"")*(${range('meetings', 'C')}<=${range('meetings', 'D')}+1/86400))`,
  },
  {
    clause: '5.7-1',
    says: '五方签齐，5 日（遇假顺延）24 时前提交',
    due: '1',
    met: `SUMPRODUCT((${range('reports', 'A')}<>"")*(${range('reports', 'A')}<=${monthDay(5)})*(${range('reports', 'B')}=5))`,
  },
  {
    clause: '5.7-2a',
    says: '四组签齐，8 日（遇假顺延）24 时前',
    due: '1',
    met: `SUMPRODUCT((${range('reports', 'C')}=4)*(${range('reports', 'D')}<>"")*(${range('reports', 'D')}<=${monthDay(8)}))`,
  },
  {
    clause: '5.8-4',
    says: '解决后 24 小时内三清报告（I 至 III 级）',
    due: `SUMPRODUCT((${incidents('B')}<>"IV")*(${incidents('F')}<>"")*${isIn(reportDue)})`,
    met: `SUMPRODUCT((${incidents('B')}<>"IV")*(${incidents('F')}<>"")*${isIn(reportDue)}*(${incidents('G')}<>"")*(${incidents('G')}<=${reportDue}+1/86400))`,
  },
  {
    clause: '5.10.1-(1)b',
    says: '来电均有处理结果',
    due: `COUNT(${range('calls', 'A')})`,
    met: `COUNTIFS(${range('calls', 'A')},">0",${range('calls', 'B')},"?*")`,
  },
  { clause: '5.10.1-(3)-I', says: '10 分钟、30 分钟、3 小时', ...clauseClocks('I', { response: 10, plan: 30, solution: 180 }) },
  { clause: '5.10.1-(3)-II', says: '10 分钟、30 分钟、6 小时', ...clauseClocks('II', { response: 10, plan: 30, solution: 360 }) },
  { clause: '5.10.1-(3)-III', says: '10 分钟、30 分钟、12 小时', ...clauseClocks('III', { response: 10, plan: 30, solution: 720 }) },
  { clause: '5.10.1-(3)-IV', says: '10 分钟、2 小时、24 小时', ...clauseClocks('IV', { response: 10, plan: 120, solution: 1440 }) },
  {
    clause: '3.4.1',
    says: '有项目经理的应用',
    due: `COUNTA(${range('applications', 'A')})`,
    met: `COUNTIFS(${range('applications', 'B')},">0")`,
  },
  {
    clause: '3.4.2',
    says: '有维护开发人员的应用',
    due: `COUNTA(${range('applications', 'A')})`,
    met: `COUNTIFS(${range('applications', 'C')},">0")`,
  },
]

/** Columns a sheet computes for itself, row by row; `#` is the row's number. */
export const computed: Readonly<Record<string, { head: string; formula: string }>> = {
  rounds: {
    head: 'counts',
    formula:
      'IF(AND(B#>=C#,B#<D#,OR(A#<>"FACILITY",AND(E#<>"NONE",F#=6,OR(A#<>A^,(B#-N(B^))*24>=4-1/86400))),OR(A#<>"TENANT_SERVICE",G#=0)),1,0)',
  },
  meetings: { head: 'due', formula: `_xlfn.MINIFS(${days},${range('days', 'B')},1,${days},">"&INT(A#))+TIME(17,30,0)` },
}
