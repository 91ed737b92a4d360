// photographs.mjs - pictures that a citizen's telephone could have taken.

/** Runs in the page: two pictures of some 200 kB, with noise that does not compress. */
export function make_photographs() {
  return Promise.all([[205, 190, 160], [150, 175, 190]].map(async (tint, which) => {
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width: 1120, height: 840 })
    const ctx = canvas.getContext('2d')
    const picture = ctx.createImageData(1120, 840)
    for (let i = 0, x = which + 1; i < picture.data.length; i += 4) {
      x = (x * 1103515245 + 12345) % 2147483648
      for (let c = 0; c < 3; c++) picture.data[i + c] = tint[c] + ((x >> (c * 5)) % 44) - 22
      picture.data[i + 3] = 255
    }
    ctx.putImageData(picture, 0, 0)
    const blob = await new Promise((made) => canvas.toBlob(made, 'image/jpeg', 0.85))
    let text = ''
    for (const octet of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(octet)
    return btoa(text)
  }))
}
