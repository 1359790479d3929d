// Builds static/build: styles from every top-level .scss file here, our own scripts and pictures, and the files of
// nhsuk-frontend, htmx and Arimo that pages and PDFs use. Run by `npm run build`; the output is git-ignored.
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import * as sass from 'sass'

const source = dirname(fileURLToPath(import.meta.url))
const root = join(source, '..', '..')
const modules = join(root, 'node_modules')
const served = join(root, 'static', 'build')
// Built beside it and then put in its place, so that whoever reads meanwhile finds the files as they were.
const build = join(root, 'static', `build.${process.pid}`)
const before = `${build}.before`
const nhsuk = join(modules, 'nhsuk-frontend', 'dist', 'nhsuk')
const arimo = join(modules, '@fontsource', 'arimo', 'files')

async function buildStyles(names) {
  for (const name of names.filter((name) => name.endsWith('.scss') && !name.startsWith('_'))) {
    const { css } = sass.compile(join(source, name), {
      loadPaths: [modules],
      quietDeps: true,
      style: 'compressed',
    })
    await writeFile(join(build, name.replace(/\.scss$/, '.css')), css)
  }
}

async function copyScripts(names) {
  for (const name of names.filter((name) => name.endsWith('.js'))) {
    await cp(join(source, name), join(build, name))
  }
  // Its source map is not served, and collectstatic refuses a script that names a missing one.
  const library = await readFile(join(nhsuk, 'nhsuk-frontend.min.js'), 'utf8')
  await writeFile(join(build, 'nhsuk-frontend.min.js'), library.replace(/\/\/# sourceMappingURL=.*$/m, ''))
  await cp(join(modules, 'htmx.org', 'dist', 'htmx.min.js'), join(build, 'htmx.min.js'))
}

async function copyAssets() {
  await cp(join(nhsuk, 'assets', 'images'), join(build, 'nhsuk', 'images'), { recursive: true })
  // Drawn for the project: they stand beside the lines of easy read texts, on pages and in PDFs.
  await cp(join(source, 'pictures'), join(build, 'pictures'), { recursive: true })
  // Arimo has the widths of Arial, the typeface the NHS names where Frutiger is not licensed.
  for (const subset of ['latin', 'latin-ext']) {
    for (const cut of ['400-normal', '400-italic', '700-normal', '700-italic']) {
      const name = `arimo-${subset}-${cut}.woff2`
      await cp(join(arimo, name), join(build, 'fonts', name))
    }
  }
}

try {
  await mkdir(join(build, 'fonts'), { recursive: true })
  const names = await readdir(source)
  await Promise.all([buildStyles(names), copyScripts(names), copyAssets()])
  await rename(served, before).catch(() => {})
  await rename(build, served)
} finally {
  await Promise.all([build, before].map((each) => rm(each, { recursive: true, force: true })))
}
