/** Reads PDFs, apart from the page: its policy lets it load nothing but our own scripts, and ask nobody for anything. */
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
