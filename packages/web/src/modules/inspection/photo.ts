/** Photos of a round on this device: made small, marked, kept until the server has them. */

/** Longest side of what is kept: a label on a machine stays legible, and a photo of 20 MB comes to well under 1 MB. */
const LONGEST_PX = 2000
const QUALITY = 0.82

/** Size that fits, in whole pixels, in the same proportion; never larger than it was. */
export function sizeWithin(width: number, height: number, longest = LONGEST_PX): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

async function readPicture(file: Blob): Promise<{ picture: CanvasImageSource; width: number; height: number; close: () => void }> {
  if (typeof createImageBitmap === 'function') {
    const picture = await createImageBitmap(file)
    return { picture, width: picture.width, height: picture.height, close: () => picture.close() }
  }
  const url = URL.createObjectURL(file)
  const picture = new Image()
  await new Promise((done, fail) => {
    picture.onload = done
    picture.onerror = () => fail(new Error('not a picture'))
    picture.src = url
  })
  return { picture, width: picture.naturalWidth, height: picture.naturalHeight, close: () => URL.revokeObjectURL(url) }
}

/** The photo within {@link LONGEST_PX}, with when, where and by whom written into it. */
export async function preparePhoto(file: Blob, words: readonly string[]): Promise<Blob> {
  const { picture, width, height, close } = await readPicture(file)
  try {
    const canvas = document.createElement('canvas')
    Object.assign(canvas, sizeWithin(width, height))
    const draw = canvas.getContext('2d')
    if (!draw) throw new Error('this browser draws no pictures')
    draw.drawImage(picture, 0, 0, canvas.width, canvas.height)
    const line = Math.max(14, Math.round(Math.min(canvas.width, canvas.height) / 32))
    const band = line * (words.length * 1.5 + 0.5)
    draw.fillStyle = 'rgba(0, 0, 0, 0.55)'
    draw.fillRect(0, canvas.height - band, canvas.width, band)
    draw.fillStyle = '#fff'
    draw.font = `${line}px sans-serif`
    draw.textBaseline = 'top'
    for (const [index, text] of words.entries())
      draw.fillText(text, line / 2, canvas.height - band + line * (index * 1.5 + 0.5), canvas.width - line)
    return await new Promise((done, fail) =>
      canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('no picture'))), 'image/jpeg', QUALITY),
    )
  } finally {
    close()
  }
}

export interface KeptPhoto {
  /** Made here; the server takes the same photo once however often it is sent. */
  id: string
  roundId: string
  code: string
  blob: Blob
  takenAt: string
  /** Set once the server has it. */
  fileId: string | null
}

const NAME = 'changbai-inspection'
const STORE = 'photos'
/** Where a browser keeps nothing: until the page is closed. */
const unkept = new Map<string, KeptPhoto>()

const open = (): Promise<IDBDatabase | null> =>
  new Promise((done) => {
    if (typeof indexedDB === 'undefined') return done(null)
    const asked = indexedDB.open(NAME, 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'id' }).createIndex('round', 'roundId')
    asked.onsuccess = () => done(asked.result)
    asked.onerror = () => done(null)
  })
async function within<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  const database = await open()
  if (!database) return undefined
  try {
    return await new Promise<T>((done, fail) => {
      const asked = act(database.transaction(STORE, mode).objectStore(STORE))
      asked.onsuccess = () => done(asked.result)
      asked.onerror = () => fail(asked.error)
    })
  } finally {
    database.close()
  }
}

export async function keepPhoto(photo: KeptPhoto): Promise<void> {
  if ((await within('readwrite', (store) => store.put(photo)).catch(() => undefined)) === undefined) unkept.set(photo.id, photo)
}
export async function photosOf(roundId: string): Promise<KeptPhoto[]> {
  const kept = (await within('readonly', (store) => store.index('round').getAll(roundId)).catch(() => [])) as KeptPhoto[] | undefined
  const all = new Map([...(kept ?? []), ...[...unkept.values()].filter((one) => one.roundId === roundId)].map((one) => [one.id, one]))
  return [...all.values()].sort((a, b) => a.takenAt.localeCompare(b.takenAt))
}
export async function dropPhotos(roundId: string): Promise<void> {
  for (const { id } of await photosOf(roundId)) {
    unkept.delete(id)
    await within('readwrite', (store) => store.delete(id)).catch(() => undefined)
  }
}
