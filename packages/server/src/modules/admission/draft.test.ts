import { admissionApi } from '@changbai/contract/admission.ts'
import { formApi } from '@changbai/contract/forms.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { draftAdmission, openProcedures, type Procedures, upload } from '../../../test/procedures.ts'
import { newCatalog } from '../../../test/sample-forms.ts'

let p: Procedures
let codes = 0
const draft = (form: object = {}, more: { catalog?: object } = {}) => {
  codes += 1
  return draftAdmission(p, { ...more, form: { appCode: `APP-${codes}`, ...form } })
}
const status = async (admissionId: string) => (await p.pm.call(admissionApi.get, { admissionId })).status

beforeAll(async () => {
  p = await openProcedures()
})
afterAll(() => p.t.stop())

describe('a draft never loses what was typed', () => {
  it('keeps wrong types, markup, quotes and says what is wrong', async () => {
    const { formId } = await p.pm.call(admissionApi.start, { tenantId: p.tenantId, kind: 'NEW' })
    const typed = { appName: `<script>alert(1)</script>'; drop table admission;--`, goLiveOn: '明年', mlpsLevel: '三级', contactPhone: 138 }
    const saved = await p.pm.call(formApi.save, { formId, rev: 0, set: typed })
    expect(saved.gaps.map((gap) => gap.path)).toEqual(expect.arrayContaining(['goLiveOn', 'mlpsLevel', 'contactPhone', 'appCode']))
    expect((await p.pm.call(formApi.get, { formId })).content).toMatchObject(typed)
  })

  it('joins two editors field by field, and shows the conflict in one field', async () => {
    const { formId } = await draft()
    const { rev } = await p.pm.call(formApi.get, { formId })
    await p.ae.call(formApi.save, { formId, rev, set: { funding: '市级财政' } })
    const joined = await p.pm.call(formApi.save, { formId, rev, set: { basisDocNo: '新文号' } })
    expect(joined.merged).toEqual({ funding: '市级财政' })
    const stale = await p.pm.send(formApi.save, { formId, rev, set: { funding: '省级财政' } })
    expect(stale.status).toBe(409)
    expect(stale.problem).toMatchObject({
      type: 'urn:changbai:problem:form.stale',
      by: '徐然',
      fields: [{ path: 'funding', theirs: '市级财政', by: '徐然' }],
    })
    const view = await p.pm.call(formApi.get, { formId })
    expect(view.content).toMatchObject({ funding: '市级财政', basisDocNo: '新文号' })
    expect(view.otherEditors.map((one) => one.name)).toEqual(['徐然'])
  })

  it('refuses a hand-in of a revision the person has not seen', async () => {
    const { id, formId } = await draft()
    const { form, catalog } = await p.pm.call(admissionApi.gaps, { admissionId: id })
    await p.ae.call(formApi.save, { formId, rev: form.rev, set: { funding: '别的' } })
    const stale = await p.pm.send(admissionApi.submit, { admissionId: id, rev: form.rev, catalogRev: catalog.rev })
    expect([stale.status, stale.problem.type]).toEqual([409, 'urn:changbai:problem:form.stale'])
    expect(await status(id)).toBe('DRAFT')
  })

  it('lists what is missing instead of accepting it', async () => {
    const { id } = await draft({}, { catalog: { summary: null, devices: [] } })
    const { form, catalog } = await p.pm.call(admissionApi.gaps, { admissionId: id })
    const refused = await p.pm.send(admissionApi.submit, { admissionId: id, rev: form.rev, catalogRev: catalog.rev })
    expect(refused.status).toBe(422)
    expect(refused.problem).toMatchObject({ type: 'urn:changbai:problem:form.incomplete', count: 2 })
    expect(refused.problem.gaps).toMatchObject([
      { form: 'CATALOG', path: 'devices' },
      { form: 'CATALOG', path: 'summary' },
    ])
  })

  it('takes 2,000 lines, refuses 10,000 with the field named, and changes nothing', async () => {
    const { catalogId } = await draft()
    const before = await p.pm.call(formApi.get, { formId: catalogId })
    const lines = (count: number) => Array.from({ length: count }, (_, at) => ({ ...newCatalog().devices[0], name: `app-${at}` }))
    const saved = await p.pm.call(formApi.save, { formId: catalogId, rev: before.rev, set: { devices: lines(2000) } })
    expect(saved.totals?.vmCount).toBe(14_000)
    const refused = await p.pm.send(formApi.save, { formId: catalogId, rev: saved.rev, set: { devices: lines(10_000) } })
    expect([refused.status, refused.problem.field]).toEqual([413, 'devices'])
    expect((await p.pm.call(formApi.get, { formId: catalogId })).rev).toBe(saved.rev)
  })

  it('refuses over-long text and unknown fields by name', async () => {
    const { formId } = await draft()
    const { rev } = await p.pm.call(formApi.get, { formId })
    const long = await p.pm.send(formApi.save, { formId, rev, set: { funding: 'x'.repeat(20_001) } })
    expect([long.status, long.problem.field]).toEqual([413, 'funding'])
    const unknown = await p.pm.send(formApi.save, { formId, rev, set: { price: 1 } })
    expect([unknown.status, unknown.problem.field]).toEqual([400, 'price'])
    const prototype = await p.pm.send(formApi.save, { formId, rev, set: JSON.parse('{"__proto__": 1, "constructor": 2}') })
    expect(prototype.status).toBe(400)
  })

  it('stores files by what they are, with their digest, one a field', async () => {
    const { formId } = await draft()
    const lying = await upload(p.t, p.pm, formId, 'basisFile', 'basis.pdf', Buffer.from('MZ this is a program'))
    expect([lying.status, lying.body.type]).toEqual([415, 'urn:changbai:problem:file.lying-type'])
    const kept = await upload(p.t, p.pm, formId, 'basisFile', '../../批复.pdf')
    const { attachments } = await p.pm.call(formApi.get, { formId })
    expect(attachments.filter((one) => one.field === 'basisFile')).toMatchObject([
      { name: expect.not.stringContaining('/'), digest: { algorithm: 'SHA-256' } },
    ])
    const fileId = kept.body.attachment?.fileId ?? ''
    expect((await p.om.send(formApi.download, { formId, fileId })).status).toBe(200)
    const state = await p.pm.call(formApi.detach, { formId, fileId })
    expect(state.gaps.map((gap) => gap.path)).toContain('basisFile')
  })

  it('prints both papers to Word and leaves a fact', async () => {
    const { formId, catalogId } = await draft()
    for (const id of [formId, catalogId]) {
      const paper = await p.pm.send(formApi.print, { formId: id })
      expect(paper.status).toBe(200)
      expect(String(paper.headers['content-type'])).toContain('wordprocessingml')
    }
  })
})
