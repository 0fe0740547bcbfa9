/** Reads PDFs in a worker: its policy lets it load only this server's scripts, and fetch nothing else. */
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
