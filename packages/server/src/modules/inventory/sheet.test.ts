import { deflateRawSync } from 'node:zlib'
import { inventoryApi as api, type TableType } from '@changbai/contract/inventory.ts'
import excel from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { takeApproved } from '../../../test/approved-export.ts'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'
import { seedDemoInventory } from './inventory.demo.ts'

let bureau: string
let t: TestServer
let iaas: Client
let applicationCode: string

beforeAll(async () => {
  t = await startTestServer()
  bureau = await newBureau('WJW', '省卫生健康委')
  iaas = await t.signedIn({ role: 'IAAS_ADMIN' })
  await t.inTx((ctx) => seedDemoInventory(ctx, [{ id: bureau, name: '省卫生健康委' }]))
  const { items } = await iaas.call(api.listApplications, {})
  applicationCode = items[0]?.code ?? ''
})
afterAll(() => t.stop())
const newBureau = async (code: string, name: string) => (await t.inTx((ctx) => createTenant(ctx, { code, name, shortName: name }))).id

async function bring(type: TableType, name: string, bytes: Uint8Array, dryRun: boolean, as = iaas) {
  const boundary = 'x-changbai-test'
  const payload = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
    ),
    bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  const answer = await t.server.app.inject({
    method: 'POST',
    url: `/api/inventory/import?type=${type}&dryRun=${dryRun}`,
    headers: { authorization: `Test ${as.personId}`, 'x-locale': 'zh-CN', 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload,
  })
  return { status: answer.statusCode, body: answer.json() }
}
const csv = (...lines: string[]) => Buffer.from(lines.join('\r\n'), 'utf8')

async function xlsx(rows: (string | number | Date)[][]): Promise<Uint8Array> {
  const workbook = new excel.Workbook()
  const sheet = workbook.addWorksheet('1')
  for (const row of rows) sheet.addRow(row)
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

/** A zip with one deflated entry of zeros; `claims` is the size its directory declares. */
function zipOfZeros(size: number, claims: number): Buffer {
  const name = Buffer.from('xl/workbook.xml')
  const packed = deflateRawSync(Buffer.alloc(size))
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(claims, 22)
  local.writeUInt16LE(name.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(packed.length, 20)
  entry.writeUInt32LE(claims, 24)
  entry.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(entry.length + name.length, 12)
  end.writeUInt32LE(local.length + name.length + packed.length, 16)
  return Buffer.concat([local, name, packed, entry, name, end])
}

describe('import', () => {
  test('a rehearsal reports row by row and keeps nothing; one wrong row keeps everything out', async () => {
    const file = csv(
      '名称,类型,应用编码,vCPU,内存GiB,IP地址,使用期限,状态',
      `imp-01,云主机,${applicationCode},4,8,10.52.99.1; 10.52.99.2,2027-06-30,在用`,
      `imp-02,vm,${applicationCode},四,8,10.52.99.3,2027-06-30,在用`,
      'imp-03,云主机,NO-SUCH,4,8,,,',
      `imp-04,云主机,${applicationCode},4,8,999.1.1.1,2027-13-01,在用`,
      '',
      `imp-01,云主机,${applicationCode},8,8,,,`,
    )
    for (const dryRun of [true, false]) {
      const { status, body } = await bring('server', '服务器.csv', file, dryRun)
      expect(status).toBe(200)
      expect(body).toMatchObject({ applied: false, rows: 5, created: 1, changed: 1 })
      expect(body.errors.map(({ row, column }: { row: number; column: string }) => [row, column])).toEqual([
        [3, 'vCPU'],
        [4, '应用编码'],
        [5, 'IP地址'],
        [5, '使用期限'],
      ])
    }
    expect((await iaas.call(api.listServers, { q: 'imp-0' })).items).toEqual([])
  })

  test('with errors the sheet comes back as it was read, so that it can be corrected in place; without, it does not', async () => {
    const file = csv('名称,机房,高度U', 'K-01,长春一号,四十二', '', 'K-02,"长春,二号",42')
    const { body } = await bring('rack', 'k.csv', file, true)
    expect(body.sheet).toEqual({
      header: ['名称', '机房', '高度U'],
      rows: [
        { row: 2, cells: ['K-01', '长春一号', '四十二'] },
        { row: 4, cells: ['K-02', '长春,二号', '42'] },
      ],
    })
    const corrected = csv('名称,机房,高度U', 'K-01,长春一号,42', 'K-02,"长春,二号",42')
    expect((await bring('rack', 'k.csv', corrected, false)).body).toMatchObject({ applied: true, created: 2, sheet: null })
  })

  test('a right sheet is brought in; again it changes nothing; an empty cell erases nothing', async () => {
    const rows = [
      ['Name', 'kind', 'Application code', 'vCPU', 'Memory GiB', 'Addresses', 'Used until', '备注'],
      ['imp-11', 'vm', applicationCode, 4, 8, '10.52.99.11', new Date('2027-06-30T00:00:00Z'), '第一批'],
      ['imp-12', '云主机', applicationCode, 2, 4, '', '', ''],
    ]
    const file = await xlsx(rows)
    expect((await bring('server', 'a.xlsx', file, false)).body).toMatchObject({ applied: true, created: 2, errors: [] })
    expect((await bring('server', 'a.xlsx', file, false)).body).toMatchObject({ applied: true, created: 0, changed: 0, unchanged: 2 })
    const changed = await xlsx([rows[0] as string[], ['imp-11', 'vm', applicationCode, 6, 8, '', '', '']])
    expect((await bring('server', 'a.xlsx', changed, false)).body).toMatchObject({ changed: 1 })
    const { items } = await iaas.call(api.listServers, { q: 'imp-11' })
    expect(items[0]).toMatchObject({ vcpu: 6, usageUntil: '2027-06-30', note: '第一批', addresses: [{ address: '10.52.99.11' }] })
    const history = await iaas.call(api.history, { type: 'server', id: items[0]?.id ?? '' })
    expect(history.items.map(({ via, action }) => [via, action])).toEqual([
      ['IMPORT', 'CHANGED'],
      ['IMPORT', 'CREATED'],
    ])
  })

  test('an application names its bureau by name or id; a bureau nobody knows is an error of its cell', async () => {
    const file = csv(
      '应用编码*,名称,使用单位,等保级别,状态',
      'IMP-A,甲系统,省卫生健康委,2,运行',
      `IMP-B,乙系统,${bureau},3,`,
      'IMP-C,丙系统,没有这个局,2,',
      'IMP-D,丁系统,省卫生健康委,4,',
    )
    const { body } = await bring('application', 'a.csv', file, true)
    expect(body).toMatchObject({ rows: 4, created: 2, errorCount: 2 })
    expect(body.errors.map(({ row, column }: { row: number; column: string }) => [row, column])).toEqual([
      [4, '使用单位'],
      [5, '等保级别'],
    ])
  })

  test('what was exported can be brought in again unchanged, and GB 18030 is read', async () => {
    for (const format of ['csv', 'xlsx'] as const) {
      const out = await takeApproved(t, iaas, api.exportItems, { type: 'server', format })
      const bytes = new Uint8Array(out.reply as Buffer)
      const { body } = await bring('server', `out.${format}`, bytes, true)
      expect(body).toMatchObject({ created: 0, changed: 0, errors: [] })
      expect(body.unchanged).toBeGreaterThan(5)
    }
    const gb = Buffer.concat([
      Buffer.from([0xc3, 0xfb, 0xb3, 0xc6, 0x2c, 0xbb, 0xfa, 0xb7, 0xbf]),
      Buffer.from('\r\nC01,'),
      Buffer.from([0xb3, 0xa4, 0xb4, 0xba]),
    ])
    expect((await bring('rack', 'gb.csv', gb, true)).body).toMatchObject({ created: 1, errors: [] })
  })

  test.each([
    ['a picture called xlsx', 'x.xlsx', Buffer.from('89504e470d0a1a0a', 'hex'), 415, 'not-sheet'],
    ['an unknown ending', 'x.exe', Buffer.from('a,b'), 415, 'not-sheet'],
    ['a csv with NUL', 'x.csv', Buffer.from('a\u0000b'), 415, 'not-sheet'],
    ['a zip that is no workbook', 'x.xlsx', zipOfZeros(100, 100), 415, 'not-sheet'],
    ['a zip bomb', 'x.xlsx', zipOfZeros(64 * 1024 * 1024, 64 * 1024 * 1024), 413, 'bomb'],
    ['a zip bomb that lies about its size', 'x.xlsx', zipOfZeros(64 * 1024 * 1024, 10), 413, 'bomb'],
    ['unknown columns', 'x.csv', csv('名称,颜色', 'a,红'), 422, 'wrong-columns'],
    ['too many rows', 'x.csv', csv('名称,机房', ...Array.from({ length: 5001 }, (_, i) => `R${i},长春`)), 413, 'too-many-rows'],
  ])('%s is refused', async (_what, name, bytes, status, kind) => {
    const answer = await bring('rack', name, bytes, true)
    expect(answer).toMatchObject({ status, body: { type: `urn:changbai:problem:inventory.${kind}` } })
  })

  test('only who may import can', async () => {
    const manager = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: bureau })
    expect((await bring('rack', 'x.csv', csv('名称,机房', 'a,b'), true, manager)).status).toBe(403)
  })
})

describe('export', () => {
  test('a text that would run as a formula is made harmless in csv and stays text in xlsx', async () => {
    await iaas.call(api.createRack, { name: '=1+1', room: '@cmd' })
    const out = await takeApproved(t, iaas, api.exportItems, { type: 'rack', format: 'csv', filter: { q: '=1' } })
    expect((out.reply as Buffer).toString('utf8')).toContain("\r\n'=1+1,'@cmd,")
    const book = new excel.Workbook()
    const sheet = await takeApproved(t, iaas, api.exportItems, { type: 'rack', format: 'xlsx', filter: { q: '=1' } })
    await book.xlsx.load(new Uint8Array(sheet.reply as Buffer).buffer)
    expect(book.worksheets[0]?.getCell('A2').value).toBe('=1+1')
  })

  test('a bureau takes out its own rows only', async () => {
    const foreigner = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: await newBureau('QT', '省其他局') })
    const out = await foreigner.send(api.exportItems, { type: 'server', format: 'csv' })
    expect((out.reply as Buffer).toString('utf8').trim().split('\r\n')).toHaveLength(1)
  })
})
