-- What agents fail with on ordinary days.
insert into sample_errors (error_number, error_text)
values
    (0, 'KeyError: ''revenue'''),
    (1, 'NameError: name ''df_clean'' is not defined'),
    (2, 'ValueError: could not convert string to float: ''n/a'''),
    (3, 'TypeError: ''NoneType'' object is not subscriptable'),
    (4, 'AttributeError: ''DataFrame'' object has no attribute ''append'''),
    (5, 'SyntaxError: unterminated string literal (detected at line 12)'),
    (6, 'ModuleNotFoundError: No module named ''prophet'''),
    (7, 'IndexError: list index out of range'),
    (8, 'ImportError: cannot import name ''joblib'' from ''sklearn.externals'''),
    (9, 'IndentationError: expected an indented block after ''for'' statement on line 3'),
    (10, 'FileNotFoundError: [Errno 2] No such file or directory: ''sales.csv'''),
    (11, 'MemoryError: Unable to allocate 8.00 GiB for an array'),
    (12, 'TimeoutError: execution timed out after 120 seconds'),
    (13, 'PermissionError: [Errno 13] Permission denied: ''/data'''),
    (14, 'LinAlgError: Singular matrix'),
    (15, 'Unsupported operand for types str and int')
