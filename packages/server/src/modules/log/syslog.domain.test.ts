import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MESSAGE_BYTES_MAX, readSyslog, SyslogFrames } from './syslog.domain.ts'

const NOW = Date.parse('2026-01-01T00:30:00Z')
const at = (text: string) => Date.parse(text)

describe('a line', () => {
  test.each([
    [
      'RFC 5424',
      '<34>1 2026-01-01T00:14:15.003Z web-1 su - ID47 - \ufeff‘su root’ failed',
      { facility: 4, severity: 2, sentMs: at('2026-01-01T00:14:15.003Z'), host: 'web-1', app: 'su', text: '‘su root’ failed' },
    ],
    [
      'RFC 5424 with data, its words searchable',
      '<165>1 - sw-1 - - - [a@1 k="x \\] y"][b z="1"] up',
      { facility: 20, severity: 5, sentMs: null, host: 'sw-1', app: '', text: 'up [a@1 k="x \\] y"][b z="1"]' },
    ],
    [
      'RFC 3164, of the year before',
      '<13>Dec 31 23:59:58 host-1 sshd[77]: Accepted',
      { facility: 1, severity: 5, sentMs: at('2025-12-31T15:59:58Z'), host: 'host-1', app: 'sshd', text: 'Accepted' },
    ],
    [
      'a day of one digit',
      '<13>Jan  1 08:00:00 h cron: x',
      { facility: 1, severity: 5, sentMs: at('2026-01-01T00:00:00Z'), host: 'h', app: 'cron', text: 'x' },
    ],
    [
      'Huawei, with a year',
      '<189>Jan 1 2026 08:10:00 SW-Core %%01IFNET/4/LINK_STATE(l)[1]:The line is down',
      {
        facility: 23,
        severity: 5,
        sentMs: at('2026-01-01T00:10:00Z'),
        host: 'SW-Core',
        app: '',
        text: '%%01IFNET/4/LINK_STATE(l)[1]:The line is down',
      },
    ],
    [
      'rsyslog’s forward format',
      '<30>2026-01-01T08:10:00.123456+08:00 host-1 systemd[1]: Started',
      { facility: 3, severity: 6, sentMs: at('2026-01-01T00:10:00.123Z'), host: 'host-1', app: 'systemd', text: 'Started' },
    ],
    [
      'a tag without a host',
      '<13>Jan  1 08:00:00 kernel: oops',
      { facility: 1, severity: 5, sentMs: at('2026-01-01T00:00:00Z'), host: '', app: 'kernel', text: 'oops' },
    ],
    ['neither', 'link down on port 3', { facility: 1, severity: 5, sentMs: null, host: '', app: '', text: 'link down on port 3' }],
    ['a priority there is not', '<999>x', { facility: 1, severity: 5, sentMs: null, host: '', app: '', text: '<999>x' }],
    ['control characters', '<13>a\u0000b\u001b[31mc', { facility: 1, severity: 5, sentMs: null, host: '', app: '', text: 'a b [31mc' }],
  ])('%s', (_, raw, expected) => expect(readSyslog(raw, NOW)).toEqual(expected))

  test('whatever the bytes, it is read, bounded and storable', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 9_000 }),
          fc.string({ maxLength: 80 }).map((tail) => `<13>1 - ${tail}`),
        ),
        (raw) => {
          const line = readSyslog(raw, NOW)
          expect(line.text.length).toBeLessThanOrEqual(8_192)
          expect(line.text).not.toMatch(/\0/)
          expect(line.facility * 8 + line.severity).toBeLessThanOrEqual(191)
        },
      ),
      { seed: 44, numRuns: 2_000 },
    )
  })
})

describe('a stream', () => {
  const messages = ['<13>1 - h a - - - one', '<13>two\nlines', '<13>三']
  const counted = Buffer.concat(messages.map((one) => Buffer.from(`${Buffer.byteLength(one)} ${one}`)))
  const lined = Buffer.from('<13>one\n<13>two\r\n\n<13>three')
  test.each([
    ['octet counting', counted, messages, []],
    ['lines', lined, ['<13>one', '<13>two\r'], ['<13>three']],
  ])('by %s gives the same messages however it is cut', (_, bytes, whole, last) => {
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
        const frames = new SyslogFrames()
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length]
        const found = edges.slice(1).flatMap((to, i) => frames.push(bytes.subarray(edges[i], to)))
        expect([found, frames.end()]).toEqual([whole, last])
      }),
      { seed: 45, numRuns: 200 },
    )
  })
  test('a message without end is cut, what follows it is read', () => {
    const long = MESSAGE_BYTES_MAX + 5_000
    for (const bytes of [
      Buffer.concat([Buffer.alloc(long, 'x'), Buffer.from('\n<13>next\n')]),
      Buffer.concat([Buffer.from(`${long} `), Buffer.alloc(long, 'x'), Buffer.from('9 <13>next\n')]),
    ]) {
      const frames = new SyslogFrames()
      const found: string[] = []
      for (let from = 0; from < bytes.length; from += 1_000) found.push(...frames.push(bytes.subarray(from, from + 1_000)))
      expect([found.map(({ length }) => length), found[1]?.trim(), frames.cut]).toEqual([
        [MESSAGE_BYTES_MAX, expect.any(Number)],
        '<13>next',
        1,
      ])
    }
  })
  test('rubbish is bounded: no more than one message is kept', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 2_000 }), { maxLength: 40 }), (chunks) => {
        const frames = new SyslogFrames()
        let length = 0
        for (const chunk of chunks) for (const one of frames.push(Buffer.from(chunk))) length += one.length
        expect(length).toBeLessThanOrEqual(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
      }),
      { seed: 46, numRuns: 200 },
    )
  })
})
