"""Documents as files: PDF to print, DOCX to edit, XLSX for lists. The same content gives the same bytes."""
