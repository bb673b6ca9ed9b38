"""Which files of npm packages are served: the allow-list. No imports: the wheel's builder reads it too."""

FONT = "@fontsource-variable/atkinson-hyperlegible-next"
FONT_FILE = "files/atkinson-hyperlegible-next-{}-wght-normal.woff2"
VENDOR_FILES = {
    FONT: (FONT_FILE.format("latin"), FONT_FILE.format("latin-ext")),
    "zxing-wasm": ("dist/es/reader/index.js", "dist/es/share.js", "dist/reader/zxing_reader.wasm"),
}
ICONS = "lucide-static/icons"
