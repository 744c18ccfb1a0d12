/* Runs a command on a Windows console of its own and tells what is on the screen when it has ended.

   console FILE COMMAND...: FILE gets the lines of the screen in UTF-8, without the blanks at their ends, after a
   line `status N`. The console has no window. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

/* Wide enough that nothing is wrapped. */
enum { COLUMNS = 1000, ROWS = 300, LINE = 8192 };

static wchar_t row[COLUMNS];
static char utf8[4 * COLUMNS];

static void fail(const char *what)
{
    fprintf(stderr, "%s: error %lu\n", what, GetLastError());
    exit(2);
}

/* Adds an argument in the quotes that the C runtime takes off; none of ours has quotes in it. */
static void add(wchar_t *line, const wchar_t *argument)
{
    if (wcslen(line) + wcslen(argument) + 4 > LINE)
        fail("a longer command line than this has room for");
    wcscat(line, L"\"");
    wcscat(line, argument);
    wcscat(line, L"\" ");
}

static DWORD run(wchar_t *line, DWORD flags, STARTUPINFOW *startup)
{
    PROCESS_INFORMATION process;
    DWORD status;
    BOOL inherits = startup->dwFlags == STARTF_USESTDHANDLES;
    if (!CreateProcessW(NULL, line, NULL, NULL, inherits, flags, NULL, NULL, startup, &process))
        fail("CreateProcess");
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &status);
    return status;
}

/* Runs this program again, with a console. */
static DWORD with_console(int count, wchar_t **arguments)
{
    static wchar_t line[LINE], self[MAX_PATH];
    STARTUPINFOW startup = {.cb = sizeof startup};
    GetModuleFileNameW(NULL, self, MAX_PATH);
    add(line, self);
    add(line, L"--inside");
    for (int i = 1; i < count; i++)
        add(line, arguments[i]);
    return run(line, CREATE_NO_WINDOW, &startup);
}

static HANDLE console(const wchar_t *name)
{
    SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
    HANDLE handle = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                &inherited, OPEN_EXISTING, 0, NULL);
    if (handle == INVALID_HANDLE_VALUE)
        fail("CreateFile of the console");
    return handle;
}

int wmain(int count, wchar_t **arguments)
{
    static wchar_t line[LINE];
    CONSOLE_SCREEN_BUFFER_INFO screen;
    COORD size = {COLUMNS, ROWS};
    DWORD status, read;
    if (count > 2 && wcscmp(arguments[1], L"--inside"))
        return with_console(count, arguments);
    if (count < 4)
        return 2;

    HANDLE output = console(L"CONOUT$");
    STARTUPINFOW startup = {.cb = sizeof startup,
                            .dwFlags = STARTF_USESTDHANDLES,
                            .hStdInput = console(L"CONIN$"),
                            .hStdOutput = output,
                            .hStdError = output};
    if (!SetConsoleScreenBufferSize(output, size))
        fail("SetConsoleScreenBufferSize");
    for (int i = 3; i < count; i++)
        add(line, arguments[i]);
    status = run(line, 0, &startup);

    GetConsoleScreenBufferInfo(output, &screen);
    FILE *file = _wfopen(arguments[2], L"wb");
    if (!file)
        fail("the file");
    fprintf(file, "status %lu\n", status);
    for (COORD at = {0, 0}; at.Y < screen.dwCursorPosition.Y; at.Y++) {
        ReadConsoleOutputCharacterW(output, row, COLUMNS, at, &read);
        while (read && row[read - 1] == L' ')
            read--;
        int bytes = WideCharToMultiByte(CP_UTF8, 0, row, read, utf8, sizeof utf8, NULL, NULL);
        fwrite(utf8, 1, bytes, file);
        fputc('\n', file);
    }
    return fclose(file);
}
