import sys

from tests.studies.published import catalogue, making

if __name__ == "__main__":
    names = sys.argv[1:]
    if names == ["--pages"]:
        making.pages()
    elif unknown := sorted(set(names) - set(catalogue.studies())):
        sys.exit(f"no study {', '.join(unknown)}; there are {', '.join(catalogue.studies())}, and --pages")
    else:
        making.main(names)
