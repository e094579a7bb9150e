import { expect, test } from 'vitest'
import { startFakeBucket } from '../../platform/bucket.fixture.ts'
import { checkBucket } from './bucket.ts'

test('a bucket is tried out; what is wrong with it says what to do', async () => {
  const fake = await startFakeBucket()
  try {
    expect(await checkBucket(fake.config)).toMatchObject({ check: 'bucket', state: 'ok' })
    expect(fake.objects.size).toBe(0)
    const wrongKey = await checkBucket({ ...fake.config, secretKey: 'another' })
    expect(wrongKey).toMatchObject({ state: 'failed', todo: { en: expect.stringContaining('S3_SECRET_KEY') } })
    expect(JSON.stringify(wrongKey)).not.toContain('another')
    const elsewhere = await checkBucket({ ...fake.config, url: `${fake.config.url}-not-there` })
    expect(elsewhere).toMatchObject({ state: 'failed', todo: { en: expect.stringContaining('make the bucket') } })
    fake.fault = (method) => (method === 'GET' ? 'other bytes' : undefined)
    expect(await checkBucket(fake.config)).toMatchObject({ state: 'failed', todo: { en: expect.stringContaining('the store itself') } })
  } finally {
    await fake.stop()
  }
  expect(await checkBucket(fake.config)).toMatchObject({ state: 'failed', todo: { en: expect.stringContaining('firewall') } })
})
