"""git directories whose settings, links or objects are hostile. These cases make their own commits."""

from __future__ import annotations

import hashlib
import os
import shutil
import zlib
from pathlib import Path

from hostile.ground import Ground, git, make_private
from hostile.registry import BARE, COMMIT, FULL, SECONDS, WORK_TREE, case

ALL = (WORK_TREE, COMMIT, BARE) if FULL else (WORK_TREE, BARE)
"""A commit of a work tree and of a bare repository are read alike: one of them is enough in the usual run."""
OBJECTS = (COMMIT, BARE) if FULL else (BARE,)
WAITING = 3.0
"""Seconds for what costs little but could wait for ever; the clock allows five times as many, less than git's own limit."""


def settings(ground: Ground, text: str) -> None:
    """Add to the repository's own configuration."""
    with (ground.dot_git / "config").open("a") as file:
        file.write(text)


@case(*ALL)
def settings_that_run_programs(ground: Ground) -> None:
    """Every setting that names a program."""
    run = str(ground.program)
    names = {
        "core": "fsmonitor hooksPath pager editor sshCommand askPass gitProxy alternateRefsCommand attributesFile excludesFile",
        "diff": "external tool guitool", "merge": "tool", "gpg": "program", "credential": "helper", "sequence": "editor", "interactive": "diffFilter",
        "pager": "log ls-tree ls-files rev-list config for-each-ref cat-file branch show", "uploadpack": "packObjectsHook", "http": "proxy sslCert cookieFile",
        "web": "browser", "help": "browser", "sendemail": "sendmailCmd toCmd", "init": "templateDir", "trailer": "ifexists", "mailmap": "file",
        "trace2": "normalTarget eventTarget perfTarget", "gui": "x", "man": "viewer", "fsmonitor": "socketDir",
    }  # fmt: skip
    lines = [
        f"[{section}]\n" + "".join(f"\t{name} = {run}\n" for name in several.split())
        for section, several in names.items()
    ]
    lines += [
        f'[{section} "x"]\n\t{name} = {run}\n'
        for section, name in (
            ("difftool", "cmd"),
            ("mergetool", "cmd"),
            ("trailer", "command"),
            ("trailer", "cmd"),
            ("gpg", "program"),
            ("browser", "cmd"),
            ("remote", "uploadpack"),
            ("remote", "receivepack"),
            ("remote", "vcs"),
            ("man", "cmd"),
            ("submodule", "update"),
        )
    ]
    lines.append(
        "[core]\n\tuntrackedCache = true\n\tsplitIndex = true\n\tpreloadIndex = true\n\tfsmonitor = "
        + run
        + '\n[log]\n\tshowSignature = true\n[gpg]\n\tformat = ssh\n[gpg "ssh"]\n\tprogram = '
        + run
        + f"\n\tdefaultKeyCommand = {run}\n[include]\n\tpath = extra\n[diff]\n\texternal = {run}\n\tsubmodule = log\n"
    )
    settings(ground, "".join(lines))
    (ground.dot_git / "extra").write_text(f"[core]\n\tfsmonitor = {run}\n\tpager = {run}\n[alias]\n\tlog = !{run}\n")


@case(*ALL, refused=True)
def settings_of_the_wrong_kind(ground: Ground) -> None:
    """Values that make git stop where it reads them."""
    settings(
        ground,
        "[log]\n\tmailmap = nonsense\n\tshowSignature = nonsense\n\tdate = nonsense\n\tdiffMerges = nonsense\n[core]\n\tpackedRefsTimeout = nonsense\n\tabbrev = nonsense\n\tcompression = 99\n\tdeltaBaseCacheLimit = x\n[color]\n\tui = nonsense\n[i18n]\n\tlogOutputEncoding = UTF-16\n[format]\n\tpretty = %x00%x00\n[notes]\n\tdisplayRef = x\n[pack]\n\tthreads = x\n",
    )


@case(*ALL)
def log_settings_of_the_wrong_kind(ground: Ground) -> None:
    """One value that makes `git log` stop, and no other command."""
    settings(ground, "[log]\n\tdate = nonsense\n\tmailmap = nonsense\n")


@case(*ALL)
def aliases_and_helpers(ground: Ground) -> None:
    """Aliases under the names of git's own commands, and protocols that run a program."""
    names = "log ls-tree ls-files rev-list rev-parse cat-file config for-each-ref symbolic-ref merge-base status version".split()
    settings(
        ground,
        "[alias]\n" + "".join(f"\t{name} = !{ground.program}\n" for name in names)
        + f'[remote "origin"]\n\turl = ext::sh -c {ground.program}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n\tpromisor = true\n\tpartialclonefilter = blob:none\n'
        + f'[url "ext::{ground.program} "]\n\tinsteadOf = https://\n[protocol]\n\tallow = always\n[protocol "ext"]\n\tallow = always\n[protocol "file"]\n\tallow = always\n'
        + "[advice]\n\tx = 1\n[safe]\n\tdirectory = *\n\tbareRepository = all\n",
    )  # fmt: skip


@case(*ALL)
def hooks(ground: Ground) -> None:
    folder = ground.dot_git / "hooks"
    folder.mkdir(exist_ok=True)
    for name in "fsmonitor-watchman fsmonitor-watchmanv2 post-checkout post-index-change pre-auto-gc reference-transaction pre-commit post-commit update proc-receive post-merge pre-push".split():
        shutil.copy(ground.program, folder / name)
    settings(ground, "[core]\n\tfsmonitor = .git/hooks/fsmonitor-watchman\n\thooksPath = .git/hooks\n")


@case(*ALL)
def filters_and_textconv(ground: Ground) -> None:
    """Attributes that name filters, drivers and encodings, in each of the three places."""
    attributes = "* filter=evil diff=evil merge=evil ident export-subst\n[attr]evil filter=evil\n" * 50
    ground.write({".gitattributes": attributes, "src/.gitattributes": attributes})
    ground.git("-c", "filter.evil.clean=cat", "add", "--all")
    ground.git("-c", "filter.evil.clean=cat", "commit", "--quiet", "-m", "Attributes")
    (ground.dot_git / "info").mkdir(exist_ok=True)
    (ground.dot_git / "info/attributes").write_text("* text eol=crlf working-tree-encoding=UTF-16\n" + attributes)
    run = ground.program
    settings(
        ground,
        f'[filter "evil"]\n\tclean = {run}\n\tsmudge = {run}\n\tprocess = {run}\n\trequired = true\n[diff "evil"]\n\ttextconv = {run}\n\tcommand = {run}\n\tcachetextconv = true\n[merge "evil"]\n\tdriver = {run}\n[filter "lfs"]\n\tclean = {run}\n\tprocess = {run}\n\trequired = true\n',
    )
    ground.write({"src/kiln/model.py": (ground.repository / "src/kiln/model.py").read_text() + "\n"})


@case(*ALL)
def include_path_outside(ground: Ground) -> None:
    """Settings that are taken from a file elsewhere."""
    ground.secret_file.write_text(
        f'[core]\n\tfsmonitor = {ground.program}\n\tpager = {ground.program}\n[remote "origin"]\n\turl = https://example.org/kiln/{"s3cret-0f-th3-teaching-assistant"}\n'
    )
    settings(
        ground,
        f'[include]\n\tpath = {ground.secret_file}\n[includeIf "gitdir:/"]\n\tpath = {ground.secret_file}\n[includeIf "onbranch:**"]\n\tpath = ../../../outside/{ground.outside.name}/secret.txt\n',
    )


@case(*ALL, refused=True)
def include_path_without_end(ground: Ground) -> None:
    settings(ground, "[include]\n\tpath = /dev/zero\n")


@case(COMMIT, refused=True, seconds=WAITING)
def include_path_to_a_fifo(ground: Ground) -> None:
    os.mkfifo(ground.dot_git / "fifo")
    settings(ground, "[include]\n\tpath = fifo\n")


@case(*ALL, refused=True)
def include_path_to_itself(ground: Ground) -> None:
    settings(ground, "[include]\n\tpath = config\n\tpath = ../.git/config\n")


@case(*ALL, refused=True)
def broken_settings(ground: Ground) -> None:
    settings(ground, "[core\n\trepositoryformatversion = \x1b[31m\n\x00]]]\n")


@case(*ALL, refused=True)
def settings_of_the_future(ground: Ground) -> None:
    settings(ground, "[core]\n\trepositoryformatversion = 99\n[extensions]\n\thostile = true\n")


@case(*ALL)
def work_tree_elsewhere(ground: Ground) -> None:
    settings(ground, f"[core]\n\tworktree = {ground.outside}\n\tbare = true\n[extensions]\n\tworktreeConfig = true\n")
    (ground.dot_git / "config.worktree").write_text(
        f"[core]\n\tworktree = {ground.outside}\n\tfsmonitor = {ground.program}\n\tbare = true\n\tsparseCheckout = true\n"
    )


@case(*ALL, refused=True)
def alternates_elsewhere(ground: Ground) -> None:
    """The objects of another repository on this machine, and its last commit as this one's branch."""
    last = make_private(ground)
    (ground.dot_git / "objects/info").mkdir(exist_ok=True)
    (ground.dot_git / "objects/info/alternates").write_text(f"{ground.private}/.git/objects\n/dev/zero\n")
    (ground.dot_git / "refs/heads/private").write_text(last + "\n")
    ground.raw_commit(git(ground.private, "rev-parse", f"{last}^{{tree}}"), ground.git("rev-parse", "HEAD"))


@case(WORK_TREE, COMMIT, must_refuse=True)
def git_file_elsewhere(ground: Ground) -> None:
    """`.git` is a file that names another repository on this machine, which knows nothing of this folder."""
    make_private(ground)
    shutil.rmtree(ground.dot_git)
    ground.dot_git.write_text(f"gitdir: {ground.private}/.git\n")


@case(WORK_TREE, COMMIT, must_refuse=True)
def git_folder_is_a_link(ground: Ground) -> None:
    make_private(ground)
    shutil.rmtree(ground.dot_git)
    ground.dot_git.symlink_to(ground.private / ".git")


@case(*ALL, must_refuse=True)
def common_folder_elsewhere(ground: Ground) -> None:
    """A git directory that says: objects and branches are in another repository."""
    make_private(ground)
    (ground.dot_git / "commondir").write_text(f"{ground.private}/.git\n")


@case(*ALL, must_refuse=True)
def objects_are_a_link(ground: Ground) -> None:
    """The folders of objects and branches are links to another repository's."""
    make_private(ground)
    for name in ("objects", "refs"):
        shutil.rmtree(ground.dot_git / name)
        (ground.dot_git / name).symlink_to(ground.private / ".git" / name)
    (ground.dot_git / "packed-refs").unlink(missing_ok=True)


@case(*ALL, refused=True)
def head_is_a_link(ground: Ground) -> None:
    (ground.dot_git / "HEAD").unlink()
    (ground.dot_git / "HEAD").symlink_to(ground.secret_file)


@case(*ALL, must_refuse=True)
def head_leads_outside(ground: Ground) -> None:
    last = make_private(ground)
    ground.secret_file.write_text(last + "\n")
    (ground.dot_git / "HEAD").write_text(f"ref: ../../../outside/{ground.outside.name}/secret.txt\n")


@case(*ALL, refused=True)
def head_and_branches_in_circles(ground: Ground) -> None:
    (ground.dot_git / "refs/heads/main").write_text("ref: refs/heads/other\n")
    (ground.dot_git / "refs/heads/other").write_text("ref: refs/heads/main\n")


@case(*ALL)
def broken_branches(ground: Ground) -> None:
    """Branches of odd names, to nothing, to other kinds of objects, and 3,000 of them."""
    head = ground.git("rev-parse", "HEAD")
    blob = ground.git("rev-parse", "HEAD:README.md")
    heads = ground.dot_git / "refs/heads"
    for name, text in (
        ("nothing", "0" * 40),
        ("dead", "f" * 40),
        ("blob", blob),
        ("short", "abc"),
        ("empty", ""),
        ("loop", "ref: refs/heads/loop"),
        ("out", "ref: ../../x"),
        ("esc\x1b[31m", head),
        ("<script>", head),
        ("x.lock", head),
        ("=1+1", head),
        ("a b", head),
        ("\u202e", head),
    ):
        (heads / name).write_text(text + "\n")
    packed = "".join(f"{head} refs/heads/b{n}\n{head} refs/remotes/origin/r{n}\n" for n in range(1_500))
    (ground.dot_git / "packed-refs").write_text("# pack-refs with: peeled\n" + packed)


@case(WORK_TREE, refused=True, seconds=WAITING)
def fifo_for_the_index(ground: Ground) -> None:
    (ground.dot_git / "index").unlink()
    os.mkfifo(ground.dot_git / "index")


@case(COMMIT, refused=True, seconds=WAITING)
def fifo_for_the_settings(ground: Ground) -> None:
    (ground.dot_git / "config").unlink()
    os.mkfifo(ground.dot_git / "config")


@case(COMMIT, refused=True, seconds=WAITING)
def fifo_for_a_branch(ground: Ground) -> None:
    (ground.dot_git / "packed-refs").unlink(missing_ok=True)
    os.mkfifo(ground.dot_git / "packed-refs")


@case(COMMIT, refused=True, seconds=WAITING)
def fifo_among_the_branches(ground: Ground) -> None:
    os.mkfifo(ground.dot_git / "refs/heads/fifo")


@case(WORK_TREE, refused=True, seconds=WAITING)
def fifo_for_the_excludes(ground: Ground) -> None:
    (ground.dot_git / "info").mkdir(exist_ok=True)
    (ground.dot_git / "info/exclude").unlink(missing_ok=True)
    os.mkfifo(ground.dot_git / "info/exclude")


@case(COMMIT, refused=True, seconds=WAITING)
def fifo_for_the_alternates(ground: Ground) -> None:
    (ground.dot_git / "objects/info").mkdir(exist_ok=True)
    os.mkfifo(ground.dot_git / "objects/info/alternates")


@case(COMMIT, refused=True, seconds=WAITING)
def fifo_for_the_common_folder(ground: Ground) -> None:
    """A file of a git directory that is read by the program itself, and by git."""
    os.mkfifo(ground.dot_git / "commondir")


@case(COMMIT, refused=True, seconds=WAITING)
def fifo_for_the_shallow_file(ground: Ground) -> None:
    os.mkfifo(ground.dot_git / "shallow")


@case(COMMIT, refused=True, seconds=WAITING)
def fifo_for_an_object(ground: Ground) -> None:
    name = ground.git("rev-parse", "HEAD:README.md")
    unpack(ground)
    path = loose(ground, name)
    path.unlink()
    os.mkfifo(path)


def unpack(ground: Ground) -> None:
    """Make every object a file of its own."""
    packs = ground.outside / "packs"
    shutil.move(ground.dot_git / "objects/pack", packs)
    for pack in packs.glob("*.pack"):
        ground.git("unpack-objects", "-q", data=pack.read_bytes())
    shutil.rmtree(packs)


def loose(ground: Ground, name: str) -> Path:
    """The file of an object."""
    return ground.dot_git / "objects" / name[:2] / name[2:]


@case(*ALL, refused=True)
def malformed_objects(ground: Ground) -> None:
    """A file's object that is no zlib, one whose header lies about its size, one of an unknown kind, one that is empty."""
    ground.write({f"notes/{n}.md": f"note {n}\n" for n in range(6)})
    ground.commit()
    names = [ground.git("rev-parse", f"HEAD:notes/{n}.md") for n in range(6)]
    for name, data in zip(
        names,
        (
            b"garbage",
            zlib.compress(b"blob 99999999999\0x"),
            zlib.compress(b"evil 6\0note 2"),
            b"",
            zlib.compress(b"blob 7\0note 4\n")[:-4],
            zlib.compress(b"blob -1\0"),
        ),
        strict=True,
    ):
        loose(ground, name).chmod(0o644)
        loose(ground, name).write_bytes(data)


@case(*ALL, refused=True)
def malformed_tree(ground: Ground) -> None:
    ground.write({"notes/x.md": "x\n"})
    ground.commit()
    path = loose(ground, ground.git("rev-parse", "HEAD:notes"))
    path.chmod(0o644)
    path.write_bytes(zlib.compress(b"tree 20\x00" + b"100644 x.md\x00" + b"1234567"))


@case(*ALL, refused=True)
def malformed_pack(ground: Ground) -> None:
    for path in (ground.dot_git / "objects/pack").glob("*.pack"):
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:64] + bytes(9_000))


@case(*ALL, refused=True)
def malformed_index(ground: Ground) -> None:
    (ground.dot_git / "index").write_bytes(b"DIRC\x00\x00\x00\x02\xff\xff\xff\xff" + bytes(400))


@case(*OBJECTS)
def names_that_lead_out(ground: Ground) -> None:
    """A tree with `..`, absolute names, `.git`, slashes and drives in its entries."""
    blob = bytes.fromhex(ground.git("hash-object", "-w", "--stdin", data=b"import logging\nlogging.info('x')\n"))
    inner = bytes.fromhex(ground.raw_object("tree", b"100644 passwd\0" + blob + b"100644 x.py\0" + blob))
    names = [
        b"..",
        b"../x.py",
        b"../../../etc/passwd",
        b"/etc/passwd",
        b"//x",
        b".git",
        b".GIT/config",
        b".",
        b"a//b",
        b"a/../../b.py",
        b"C:\\x.py",
        b"..\\x.py",
        b"\\\\host\\x",
        b"git~1",
        b".git\xe2\x80\x8c",
        b"-r",
        b"--all",
        b":(glob)**",
        b"NUL",
        b"x:stream",
    ]
    entries = b"".join(b"100644 " + name + b"\0" + blob for name in names)
    entries += b"".join(b"40000 " + name + b"\0" + inner for name in (b"../up", b"/abs", b"..", b".git", b".."))
    old = ground.git("ls-tree", "HEAD").splitlines()
    for line in old:
        mode, _, rest = line.partition(" ")
        _, name, path = rest.replace("\t", " ", 1).split(" ", 2)
        entries += mode.lstrip("0").encode() + b" " + path.encode() + b"\0" + bytes.fromhex(name)
    ground.raw_commit(ground.raw_object("tree", entries), ground.git("rev-parse", "HEAD"))


@case(*OBJECTS, refused=True)
def a_name_that_is_empty(ground: Ground) -> None:
    blob = bytes.fromhex(ground.git("hash-object", "-w", "--stdin", data=b"x = 1\n"))
    ground.raw_commit(ground.raw_object("tree", b"100644 \0" + blob), ground.git("rev-parse", "HEAD"))


@case(WORK_TREE)
def index_that_leads_out(ground: Ground) -> None:
    """An index, which no commit made, with names that lead out."""
    ground.git("config", "core.protectNTFS", "false")
    blob = ground.git("hash-object", "-w", "--stdin", data=b"x = 1\n")
    index = ground.dot_git / "index"
    ground.git("update-index", "--add", "--cacheinfo", f"100644,{blob},zz/aa/bb/cc/dd/ee/secret.txt")
    data = index.read_bytes().replace(
        b"zz/aa/bb/cc/dd/ee/secret.txt",
        (f"../../outside/{ground.outside.name}"[:17].encode().ljust(17, b"x") + b"/secret.txt")[:28],
    )
    index.write_bytes(data[:-20] + hashlib.sha1(data[:-20]).digest())
    ground.git("config", "--unset", "core.protectNTFS")


@case(*ALL)
def names_that_clash(ground: Ground) -> None:
    """Names that differ in case or in Unicode's form only, and names as long as a file system takes."""
    ground.write(
        {
            "readme.MD": "x\n", "SRC/KILN/model.py": "x = 1\n", "src/Kiln/Model.py": "x = 2\n", "REPORTS/readme.md": "# x\n", "Reports/README.md": "# x\n", "reports/readme.md": "# x\n",
            "docs/u\u0308.md": "x", "docs/\u00fc.md": "x", f"{'a' * 255}": "x", f"src/{'b' * 251}.py": "x = 1\n", "/".join(["c" * 200] * 15) + ".py": "x = 1\n", "dockerfile": "FROM x\n",
        }
    )  # fmt: skip
    ground.commit()


@case(*OBJECTS)
def names_without_end(ground: Ground) -> None:
    """Names longer than any file system takes, and folders 3,000 deep."""
    blob = ground.git("hash-object", "-w", "--stdin", data=b"import os\n")
    long = b"".join(
        b"100644 " + (letter * 100_000) + ending + b"\0" + bytes.fromhex(blob)
        for letter, ending in ((b"a", b".py"), (b"b", b".yaml"), (b"c", b".md"))
    )
    deep = bytes.fromhex(ground.raw_object("tree", long))
    for _ in range(100 if not FULL else 3_000):
        deep = bytes.fromhex(ground.raw_object("tree", b"40000 d\0" + deep))
    old = b""
    for line in ground.git("ls-tree", "HEAD").splitlines():
        mode, _, name, path = line.replace("\t", " ", 1).split(" ", 3)
        old += mode.lstrip("0").encode() + b" " + path.encode() + b"\0" + bytes.fromhex(name)
    ground.raw_commit(ground.raw_object("tree", old + b"40000 zz\0" + deep), ground.git("rev-parse", "HEAD"))


ODD = (
    "new\nline.py", "carriage\rreturn.py", "tab\t.py", "esc\x1b[31mred\x1b[0m.py", "osc\x1b]8;;http:..example.org\x07link.py", "bell\x07.py", "quote\".py", "quote'.py", "back\\slash.py",
    "rtl\u202eyp.exe", "zero\u200bwidth\ufeff.py", "bad\udcff\udcfe.py", "\u2028line.py", "<script>alert(1)<script>.py", "<img src=x onerror=hostile()>.py", "=1+1.py", "+1.py", "-rf.py", "@x.py", "--help.py",
    "[bold]x[bold].py", "[link=http:x]y.py", "$(touch x).py", "`touch x`.py", "%s%n.py", "{{7*7}}.py", " .py", "nul .py ", "a:b.py", "*.py", "?.py", ":(glob)x.py", "emoji🔥.py", "HEAD", "a|b.py", "&lt;x&gt;.py",
)  # fmt: skip


@case(*ALL, refused=False)
def odd_names(ground: Ground) -> None:
    """Names with what a terminal, a shell, a page or a spreadsheet would obey, where each is evidence of something."""
    for folder, content in (
        ("src/kiln", "import logging\nlogging.info('x')\n"),
        ("tests", "def test_x():\n    assert 1 + 1 == 2\n"),
        ("configs", "a: [b\n"),
        ("docs/source", "# x\n"),
    ):
        ground.write({f"{folder}/{name}": content for name in ODD})
        ground.write({f"{folder}/{name}/inner.py": content for name in ("d" + odd for odd in ODD)})
    ground.commit()


@case(*ALL)
def submodules(ground: Ground) -> None:
    """Submodules with addresses that run programs, names that lead out, and one that is there."""
    commit = ground.git("rev-parse", "HEAD")
    text = ""
    for number, (path, url) in enumerate(
        (
            ("mods/a", f"ext::sh -c {ground.program}"),
            ("mods/b", "-u./x"),
            ("mods/c", "../../../../etc"),
            ("mods/d", "file:///etc"),
            ("mods/e", "\x1b[31m"),
        )
    ):
        ground.git("update-index", "--add", "--cacheinfo", f"160000,{commit},{path}")
        text += f'[submodule "../../{number}"]\n\tpath = {path}\n\turl = {url}\n\tupdate = !{ground.program}\n\tignore = none\n\tfetchRecurseSubmodules = true\n'
    blob = ground.git("hash-object", "-w", "--stdin", data=text.encode())
    ground.git("update-index", "--add", "--cacheinfo", f"100644,{blob},.gitmodules")
    ground.git("commit", "--quiet", "-m", "Submodules")
    ground.write({".gitmodules": text})
    inner = ground.repository / "mods/a"
    inner.mkdir(parents=True)
    git(inner, "init", "--quiet")
    (inner / ".git/config").write_text(f"[core]\n\tfsmonitor = {ground.program}\n\trepositoryformatversion = 0\n")


@case(*ALL)
def repositories_within(ground: Ground) -> None:
    """A repository of its own in a folder, one in a folder named .git, a bare one among the files."""
    make_private(ground)
    for name in ("inner", "src/kiln/inner", "data/x"):
        shutil.copytree(ground.private, ground.repository / name)
        (ground.repository / name / ".git/config").write_text(
            f"[core]\n\tfsmonitor = {ground.program}\n\tworktree = /\n"
        )
    shutil.copytree(ground.private / ".git", ground.repository / "bare")


@case(*ALL)
def replaced_objects(ground: Ground) -> None:
    """Replacement objects, which show other commits than there are."""
    tree = ground.git("mktree", data=b"")
    for name in ground.git("rev-list", "HEAD").split():
        (ground.dot_git / f"refs/replace/{name}").parent.mkdir(parents=True, exist_ok=True)
        (ground.dot_git / f"refs/replace/{name}").write_text(ground.git("commit-tree", tree, "-m", "replaced") + "\n")


@case(*ALL)
def grafts(ground: Ground) -> None:
    """A file that gives commits other parents than they have."""
    first, last = ground.git("rev-list", "--max-parents=0", "HEAD"), ground.git("rev-parse", "HEAD")
    (ground.dot_git / "info").mkdir(exist_ok=True)
    (ground.dot_git / "info/grafts").write_text(f"{last} {first}\n")


def bombed_tree(ground: Ground, content: bytes = b"x = 1\n", folder: bytes = b"zz") -> str:
    """A tree with the honest files and ten folders of ten folders, ten times: a few objects, and ten thousand million names."""
    blob = bytes.fromhex(ground.git("hash-object", "-w", "--stdin", data=content))
    inner = bytes.fromhex(ground.raw_object("tree", b"".join(b"100644 f%d.csv\0" % n + blob for n in range(10))))
    for _ in range(10):
        inner = bytes.fromhex(ground.raw_object("tree", b"".join(b"40000 d%d\0" % n + inner for n in range(10))))
    old = b""
    for line in ground.git("ls-tree", "HEAD").splitlines():
        mode, _, name, path = line.replace("\t", " ", 1).split(" ", 3)
        old += mode.lstrip("0").encode() + b" " + path.encode() + b"\0" + bytes.fromhex(name)
    bomb = b"40000 " + folder + b"\0" + inner
    return ground.raw_object("tree", bomb + old if folder < b"a" else old + bomb)


@case(BARE)
def tree_bomb(ground: Ground) -> None:
    ground.raw_commit(bombed_tree(ground), ground.git("rev-parse", "HEAD"))


@case(WORK_TREE)
def tree_bomb_behind_the_work_tree(ground: Ground) -> None:
    """The same commit, where only the files in the work tree are asked for."""
    tree_bomb(ground)


@case(COMMIT, BARE)
def tree_bomb_before_the_others(ground: Ground) -> None:
    """In a folder that comes first in the alphabet."""
    ground.raw_commit(bombed_tree(ground, folder=b"AA"), ground.git("rev-parse", "HEAD"))


@case(COMMIT)
def tree_bomb_deleted_again(ground: Ground) -> None:
    """In the commit before the last: one adds the names, and one deletes them."""
    last, tree = ground.git("rev-parse", "HEAD", "HEAD^{tree}").split()
    ground.raw_commit(tree, ground.raw_commit(bombed_tree(ground), last))


@case(COMMIT, changes="X.revisit X.understanding")
def many_tree_bombs(ground: Ground) -> None:
    """Forty commits of which each changes all the names."""
    last, tree = ground.git("rev-parse", "HEAD", "HEAD^{tree}").split()
    for number in range(40):
        last = ground.raw_commit(bombed_tree(ground, b"x = %d\n" % number), last)
    ground.raw_commit(tree, last)


@case(BARE, seconds=SECONDS if FULL else 10.0, changes="M7.style M7.typing_docs")
def fifty_thousand_modules(ground: Ground) -> None:
    """As many files as are listed, each a line of Python (3,000 usually, in a third of the time)."""
    blob = bytes.fromhex(ground.git("hash-object", "-w", "--stdin", data=b"x = 1\n"))
    count = 50_000 if FULL else 3_000
    tree = ground.raw_object("tree", b"".join(b"100644 f%05d.py\0" % n + blob for n in range(count)))
    old = ground.git("ls-tree", "HEAD") + f"\n040000 tree {tree}\tzz\n"
    ground.raw_commit(ground.git("mktree", data=old.encode()), ground.git("rev-parse", "HEAD"))


@case(*ALL)
def many_files(ground: Ground) -> None:
    """100,000 files in one commit, and in the work tree (8,000 usually)."""
    stream = b"commit refs/heads/main\ncommitter Ada Lind <ada@example.org> 1769166000 +0100\ndata 5\nfiles\nfrom refs/heads/main^0\nM 100644 inline many/a.py\ndata 6\nx = 1\n\n"
    count = 100_000 if FULL else 8_000
    blob = ground.git("hash-object", "-w", "--stdin", data=b"label,1\n")
    stream += b"".join(b"M 100644 %s many/%d/%d.csv\n" % (blob.encode(), n % 100, n) for n in range(count))
    ground.git("fast-import", "--quiet", data=stream)
    ground.git("reset", "--quiet", "--hard")
