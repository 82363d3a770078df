from tests.studies import interaction, measures, untested

if __name__ == "__main__":
    untested.main()
    interaction.main()
    measures.main()
