"""A result for spreadsheets and programs: one workbook, its tables as CSV and Parquet, and views for other programs."""
